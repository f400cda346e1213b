"""What a reconciliation does to the discrepancies that are known: seen again, fixed, came back, or new."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.domain.discrepancy import WHOLE, Discrepancy
from bot.domain.extent import Extent
from bot.domain.person import SWITCHBACK
from bot.domain.sighting import Seen, Sighting

MOST_REGISTERED = 1000
"""Discrepancies of a check that are kept one by one while they are there; one entry counts the others."""

ChangeKind = Literal["new", "seen", "came_back", "fixed", "lapsed", "grew"]


@dataclass(frozen=True)
class Change:
    """What became of one entry. `before` is None for a new one, whose id is still to be given."""

    kind: ChangeKind
    before: Discrepancy | None
    after: Discrepancy


@dataclass(frozen=True)
class Looked:
    """When a reconciliation looked: its id, its moments, and its local day."""

    reconciliation: str
    migration: str
    started_at: datetime
    at: datetime
    day: date


def carried_over(
    known: Iterable[Discrepancy], found: Sighting, looked: Looked, *, most: int = MOST_REGISTERED
) -> tuple[Change, ...]:
    """Every change of a check's entries; one that stays as it is, is not among them.

    `known` are its present entries and, of the fixed ones, at least those that are seen.
    """
    entries = {one.name: one for one in known}
    named = {seen.name: seen for seen in found.seen}
    here, absent = _present(entries, named, looked)
    unseen = [one for one in entries.values() if one.present and one.name not in named and one.name != WHOLE]
    room = most - len(here) - (0 if found.complete else len(unseen))
    taken = absent[: max(0, room)] if found.outside else []
    beyond = len(absent) - len(taken) + found.unnamed
    whole = entries.get(WHOLE)
    counted = whole if whole is not None and whole.present else None
    if beyond and (found.outside or counted):
        (here if counted else taken).append(_rest(beyond, alone=not named))
    elif counted and WHOLE not in named:
        unseen.append(counted)
    changes = [_again(entries[seen.name], seen, found, looked) for seen in here]
    changes += [_appeared(entries.get(seen.name), seen, found, looked) for seen in taken]
    for one in unseen:
        changes += _unseen(one, looked, gone=found.complete and one.last_seen <= looked.started_at)
    return tuple(changes)


def passed_time(known: Iterable[Discrepancy], looked: Looked) -> tuple[Change, ...]:
    """What the day alone changes, for a check that could not be done: acceptances that are over."""
    return tuple(change for entry in known for change in _unseen(entry, looked, gone=False))


def _present(
    entries: Mapping[str, Discrepancy], named: Mapping[str, Seen], looked: Looked
) -> tuple[list[Seen], list[Seen]]:
    """What is seen of the entries that are present, and the rest: what comes back before what is new.

    What was found fixed after this reconciliation began is neither.
    """
    here, back, new = [], [], []
    for seen in named.values():
        entry = entries.get(seen.name)
        if entry is None:
            new.append(seen)
        elif entry.present:
            here.append(seen)
        elif entry.changed_at <= looked.started_at:
            back.append(seen)
    return here, back + new


def _rest(count: int, *, alone: bool) -> Seen:
    extent = Extent(count=count)
    if alone:
        return Seen(WHOLE, "1 row differs" if count == 1 else f"{count:,} rows differ", extent)
    return Seen(WHOLE, f"{count:,} more, not listed one by one", extent)


def _sight(seen: Seen, found: Sighting, looked: Looked) -> dict[str, object]:
    return {
        "role": found.role,
        "text": seen.text,
        "extent": seen.extent,
        "last_seen": looked.at,
        "last_day": looked.day,
        "seen_in": looked.reconciliation,
    }


def _sight_again(entry: Discrepancy, seen: Seen, found: Sighting, looked: Looked) -> dict[str, object]:
    """The fields of an entry that is seen once more. Of two that looked at once the later one counts."""
    return {
        **_sight(seen, found, looked),
        "last_seen": max(entry.last_seen, looked.at),
        "last_day": max(entry.last_day, looked.day),
        "days": entry.days + (looked.day > entry.last_day),
    }


def _again(entry: Discrepancy, seen: Seen, found: Sighting, looked: Looked) -> Change:
    lapsed = entry.as_of(looked.day)
    after = lapsed.model_copy(update=_sight_again(entry, seen, found, looked))
    if lapsed.version != entry.version:
        return Change("lapsed", entry, after.model_copy(update={"changed_at": looked.at}))
    held = entry.explanation
    if held is not None and seen.extent.outgrows(held.extent, found.limit):
        change = f"is open again: {seen.text}, and it was {entry.status} as {held.looked}"
        status = "came_back" if entry.returns else "new"
        grown = {**after.without_explanation("grew"), "status": status}
        return Change("grew", entry, after.changed(grown, by=SWITCHBACK, at=looked.at, change=change))
    return Change("seen", entry, after)


def _appeared(entry: Discrepancy | None, seen: Seen, found: Sighting, looked: Looked) -> Change:
    if entry is None:
        return Change("new", None, _first(seen, found, looked))
    changes = {**_sight_again(entry, seen, found, looked), "status": "came_back"}
    changes |= {"returns": entry.returns + 1, "opened_at": looked.at}
    after = entry.changed(changes, by=SWITCHBACK, at=looked.at, change="is back")
    return Change("came_back", entry, after)


def _first(seen: Seen, found: Sighting, looked: Looked) -> Discrepancy:
    return Discrepancy(
        id="",
        migration=looked.migration,
        check=found.check,
        name=seen.name,
        role=found.role,
        text=seen.text,
        extent=seen.extent,
        first_seen=looked.at,
        opened_at=looked.at,
        last_seen=looked.at,
        last_day=looked.day,
        seen_in=looked.reconciliation,
        changed_at=looked.at,
    )


def _unseen(entry: Discrepancy, looked: Looked, *, gone: bool) -> tuple[Change, ...]:
    if gone:
        changes = {**entry.without_explanation("fixed"), "status": "fixed"}
        after = entry.changed(changes, by=SWITCHBACK, at=looked.at, change="is fixed")
        return (Change("fixed", entry, after),)
    lapsed = entry.as_of(looked.day)
    if lapsed is entry:
        return ()
    return (Change("lapsed", entry, lapsed.model_copy(update={"changed_at": looked.at})),)

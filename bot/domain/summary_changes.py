"""What changed between two reconciliations, check by check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.playbook.checks import READY

ChangeKind = Literal["failing", "broken", "worse", "rows", "added", "better", "fixed", "removed"]
_ORDER: tuple[ChangeKind, ...] = (
    "failing",
    "broken",
    "worse",
    "rows",
    "added",
    "better",
    "fixed",
    "removed",
)


class Change(BaseModel):
    """One thing that changed in a check, in words: `newly outside its limit: +0.31%`."""

    model_config = ConfigDict(frozen=True)
    kind: ChangeKind
    title: str
    text: str


@dataclass(frozen=True)
class RowChanges:
    """How many rows of a check differ that did not before, and how many do no longer."""

    new: int
    fixed: int


def changes(
    before: Reconciled, now: Reconciled, *, rows: Mapping[str, RowChanges] | None = None
) -> tuple[Change, ...]:
    """What changed, the worse first. `rows` are those of the row checks whose rows were kept both times."""
    earlier = {result.check: result for result in before.results if result.check != READY}
    later = {result.check: result for result in now.results if result.check != READY}
    found = [
        change
        for result in later.values()
        for change in _of_a_check(earlier.get(result.check), result, (rows or {}).get(result.check))
    ]
    found += [
        Change(kind="removed", title=result.title, text="is no longer checked")
        for check, result in earlier.items()
        if check not in later
    ]
    return tuple(sorted(found, key=lambda change: _ORDER.index(change.kind)))


def _of_a_check(before: CheckResult | None, now: CheckResult, rows: RowChanges | None) -> Iterator[Change]:
    verdict = _verdict(before, now)
    if verdict is not None:
        yield Change(kind=verdict[0], title=now.title, text=verdict[1])
    if rows is not None and (rows.new or rows.fixed):
        yield Change(kind="rows", title=now.title, text=f"{_rows(rows.new)} new, {rows.fixed:,} fixed")
    elif before is not None and before.status == now.status == "failed":
        if new := _names(now) - _names(before):
            yield Change(kind="worse", title=now.title, text=f"new: {_listed(sorted(new))}")
        if gone := _names(before) - _names(now):
            yield Change(kind="better", title=now.title, text=f"fixed: {_listed(sorted(gone))}")


def _verdict(before: CheckResult | None, now: CheckResult) -> tuple[ChangeKind, str] | None:
    if before is None:
        return ("added", f"is checked for the first time: {now.status}")
    if now.status == before.status:
        return _further(before, now) if now.status == "failed" else None
    if now.status == "failed":
        return "failing", f"newly outside its limit: {now.difference} (limit {now.tolerance})"
    if now.status == "passed":
        was = f" (was {before.difference})" if before.difference else ""
        return "fixed", f"fixed{was}" if before.status == "failed" else "could be compared again, and passes"
    return "broken", "could not be done" if now.status == "error" else "says nothing today"


def _further(before: CheckResult, now: CheckResult) -> tuple[ChangeKind, str] | None:
    """Whether a failed check is further off than it was. One without a number is further than any number."""
    if before.variance is None or now.variance is None:
        if (before.variance is None) == (now.variance is None):
            return None
        worse = now.variance is None
    else:
        if abs(now.variance) == abs(before.variance):
            return None
        worse = abs(now.variance) > abs(before.variance)
    kind: ChangeKind = "worse" if worse else "better"
    return kind, f"{kind}: {now.difference} after {before.difference}"


def _names(result: CheckResult) -> set[str]:
    groups = {f"group {group.group}" for group in result.groups if group.outside}
    return groups | {found.name for found in result.found}


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _listed(names: list[str], most: int = 3) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")

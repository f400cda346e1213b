"""What is wrong in the new system, and what members wrote in it, known in advance."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from examples.clubos.club import (
    FIRST_OWN,
    Club,
    ContactChange,
    Payment,
    Registration,
    changed,
    morning,
    written,
)

SINCE = timedelta(hours=46)
"""How long ago the cutover of the variant after-cutover was: at 06:00 UTC, two days before."""


@dataclass(frozen=True)
class Written:
    """What members wrote in the new system since the cutover."""

    registrations: list[Registration]
    payments: list[Payment]
    changes: list[ContactChange]


def discrepant(legacy: Club, day: date, random_: random.Random) -> Club:
    """The new system with a mistake in each place where a check looks, as a sync leaves them behind.

    Members that were imported into legacy under an old date never came; two events are an hour late, a
    third one too long ago to count; an open event lost four registrations; one payment was booked twice;
    two lines of the change log and a note differ. Sync jobs failed: see `jobs.history`.
    """
    recent, old = (morning(day) - timedelta(days=days) for days in (60, 120))
    absent = {
        one.id for one in random_.sample([one for one in legacy.members if one.active], _missing(legacy))
    }
    late = {one.id for one in random_.sample([e for e in legacy.events if _held(e.starts, recent, day)], 2)}
    late.add(random_.choice([event.id for event in legacy.events if event.starts < written(old)]))
    events = [
        replace(one, starts=written(datetime.fromisoformat(f"{one.starts}+00:00") + timedelta(hours=1)))
        if one.id in late
        else one
        for one in legacy.events
    ]
    opened = random_.choice([event.id for event in legacy.events if event.state == "open"])
    booked = [one.id for one in legacy.registrations if one.event == opened and one.booked]
    lost = set(random_.sample(booked, 4))
    twice = random_.choice(legacy.payments)
    again = replace(twice, id=max(one.id for one in legacy.payments) + 1)
    cut, wrong = random_.sample([one.id for one in legacy.changes], 2)
    changes = [
        replace(one, value="+49 30 1234") if one.id == wrong else one
        for one in legacy.changes
        if one.id != cut
    ]
    noted = random_.choice(legacy.notes).event
    return Club(
        [one for one in legacy.members if one.id not in absent],
        events,
        [one for one in legacy.registrations if one.id not in lost],
        [*legacy.payments, again],
        changes,
        [replace(one, text="See the notice board") if one.event == noted else one for one in legacy.notes],
    )


def after_cutover(legacy: Club, day: date, random_: random.Random) -> tuple[Club, Written]:
    """The new system two days after the cutover, with what members wrote in it since."""
    since = morning(day) - SINCE
    active = [one.id for one in legacy.members if one.active]
    opened = [event.id for event in legacy.events if event.state == "open"]

    def at(hours: int) -> str:
        return written(since + timedelta(hours=hours))

    registrations = [
        Registration(FIRST_OWN + 1 + n, random_.choice(opened), random_.choice(active), True, at(3 + n))
        for n in range(5)
    ]
    payments = [
        Payment(
            FIRST_OWN + 1 + n,
            random_.choice(active),
            1200,
            at(10 + n)[:10],
            at(10 + n),
        )
        for n in range(2)
    ]
    changes = [
        ContactChange(
            f"n-{100 + n}", random_.choice(active), "email", f"new.{n}@members.example", at(20 + n), "new"
        )
        for n in range(3)
    ]
    members = {one.id: one for one in legacy.members}
    for change in changes:
        members[change.member] = changed(members[change.member], change)
    new = Club(
        list(members.values()),
        legacy.events,
        [*legacy.registrations, *registrations],
        [*legacy.payments, *payments],
        [*legacy.changes, *changes],
        legacy.notes,
    )
    return new, Written(registrations, payments, changes)


def _missing(legacy: Club) -> int:
    """Just above the tolerance of 0.1%."""
    return len(legacy.members) // 1000 + 1


def _held(starts: str, after: datetime, day: date) -> bool:
    return written(after) < starts < written(morning(day))

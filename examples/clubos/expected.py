"""What each check of the club's playbook has to find, counted from what was put in."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from examples.clubos.club import Club, ContactChange, Event, Member, Note, morning, written
from examples.clubos.jobs import WINDOW, Job

Expected = dict[str, object]
Key = TypeVar("Key", int, str)
LOOKED_AT = timedelta(days=90)


def expected_checks(legacy: Club, new: Club, jobs: Sequence[Job], day: date) -> dict[str, Expected]:
    """By check, for a reconciliation in the morning of that day."""
    heads = [sum(member.active for member in side.members) for side in (legacy, new)]
    from_ = written(morning(day) - LOOKED_AT)
    events = [{e.id: _event(e) for e in side.events if e.starts >= from_} for side in (legacy, new)]
    members = [{m.id: _member(m) for m in side.members} for side in (legacy, new)]
    changes = [{c.id: _change(c) for c in side.changes} for side in (legacy, new)]
    notes = [{n.event: _note(n) for n in side.notes} for side in (legacy, new)]
    return {
        "member-count": _numbers(*heads, limit=Decimal("0.1")),
        "member-records": _rows(*members, limit=Decimal("0.1")),
        "events": _rows(*events),
        "registrations": _groups(_booked(legacy), _booked(new)),
        "payments": _groups(_paid(legacy), _paid(new)),
        "event-notes": _rows(*notes),
        "contact-changes": _rows(*changes),
        "sync-jobs": _rate(jobs),
    }


def _numbers(legacy: int, new: int, *, limit: Decimal) -> Expected:
    variance = Decimal(new - legacy) * 100 / legacy
    status = "passed" if abs(variance) <= limit else "failed"
    return {"status": status, "legacy": legacy, "new": new}


def _groups(legacy: Counter[str], new: Counter[str]) -> Expected:
    differing = {
        name: [legacy[name], new[name]] for name in sorted(legacy | new) if legacy[name] != new[name]
    }
    return {
        "status": "failed" if differing else "passed",
        "groups": len(legacy | new),
        "differing": differing,
    }


def _rows(
    legacy: Mapping[Key, Mapping[str, object]],
    new: Mapping[Key, Mapping[str, object]],
    *,
    limit: Decimal = Decimal(0),
) -> Expected:
    differing = {
        str(key): [name for name, value in legacy[key].items() if new[key][name] != value]
        for key in sorted(legacy.keys() & new.keys())
        if legacy[key] != new[key]
    }
    missing = sorted(legacy.keys() - new.keys())
    surplus = sorted(new.keys() - legacy.keys())
    wrong = len(differing) + len(missing) + len(surplus)
    return {
        "status": "passed" if Decimal(wrong) * 100 <= limit * len(legacy) else "failed",
        "legacy": len(legacy),
        "new": len(new),
        "missing_in_new": missing,
        "missing_in_legacy": surplus,
        "differing": differing,
    }


def _rate(jobs: Sequence[Job]) -> Expected:
    counted = [job.status for job in jobs[-WINDOW:]]
    succeeded = counted.count("succeeded")
    status = "passed" if succeeded * 100 >= 99 * len(counted) else "failed"
    return {"status": status, "succeeded": succeeded, "of": len(counted)}


def _booked(side: Club) -> Counter[str]:
    opened = {event.id for event in side.events if event.state == "open"}
    booked = Counter(str(one.event) for one in side.registrations if one.booked and one.event in opened)
    return Counter({str(event): booked[str(event)] for event in opened})


def _paid(side: Club) -> Counter[str]:
    months: Counter[str] = Counter()
    for payment in side.payments:
        months[payment.paid_on[:7]] += payment.cents
    return months


def _member(one: Member) -> Mapping[str, object]:
    return {
        "name": one.name,
        "email": one.email,
        "phone": one.phone,
        "status": one.active,
        "joined": one.joined,
    }


def _event(one: Event) -> Mapping[str, object]:
    return {
        "title": one.title,
        "venue": one.place,
        "starts_at": one.starts,
        "state": one.state,
        "fee_cents": one.fee,
    }


def _change(one: ContactChange) -> Mapping[str, object]:
    return {"member_no": one.member, "field": one.field, "value": one.value, "origin": one.origin}


def _note(one: Note) -> Mapping[str, object]:
    return {"note": one.text}

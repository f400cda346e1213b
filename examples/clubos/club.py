"""What the club's two systems know: its members, events, registrations, payments, and what was changed."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

GIVEN = ("Ada", "Ben", "Clara", "Elif", "Femi", "Greta", "Ines", "Jonas", "Leon", "Mara", "Olga", "Said")
FAMILY = ("Adler", "Costa", "Dogan", "Eriksen", "Gomez", "Hall", "Ito", "Kovac", "Mbeki", "Novak", "Petit")
EVENTS = ("Choir evening", "Hiking day", "Board games", "Yoga", "First aid", "Open workshop", "Chess night")
PLACES = ("Club house", "Town hall", "Gym", "Forest hut")
FIRST_OWN = 1_000_000
"""Numbers of the new system's own begin behind it: legacy may go on counting after a rollback."""
HISTORY = timedelta(days=180)
AHEAD = timedelta(days=60)
MORNING = time(4)


@dataclass(frozen=True)
class Member:
    """Somebody who is in the club, or was."""

    id: int
    name: str
    email: str
    phone: str
    active: bool
    joined: str
    changed: str


@dataclass(frozen=True)
class Event:
    """Something the club does. `state` is open, held or cancelled, `fee` is in cents."""

    id: int
    title: str
    place: str
    starts: str
    state: str
    fee: int
    changed: str


@dataclass(frozen=True)
class Registration:
    """A member's place at an event, booked or given back."""

    id: int
    event: int
    member: int
    booked: bool
    changed: str


@dataclass(frozen=True)
class Payment:
    """Money from a member, in cents."""

    id: int
    member: int
    cents: int
    paid_on: str
    changed: str


@dataclass(frozen=True)
class ContactChange:
    """A line of the change log: a new e-mail address or telephone number, and where it was entered."""

    id: str
    member: int
    field: str
    value: str
    changed: str
    origin: str


@dataclass(frozen=True)
class Note:
    """What is said about an event; either system may change it."""

    event: int
    text: str
    changed: str


@dataclass(frozen=True)
class Club:
    """What one of the two systems holds."""

    members: list[Member]
    events: list[Event]
    registrations: list[Registration]
    payments: list[Payment]
    changes: list[ContactChange]
    notes: list[Note] = field(default_factory=list)


def morning(day: date) -> datetime:
    """The moment at which a day's data are as they are: before anybody is up."""
    return datetime.combine(day, MORNING, UTC)


def last_morning(now: datetime) -> date:
    """The day whose morning was last: in the hours before it that is yesterday, or the data lie ahead."""
    return (now - timedelta(hours=MORNING.hour)).astimezone(UTC).date()


def written(moment: datetime) -> str:
    """A moment as both systems write it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def club(count: int, day: date, random_: random.Random) -> Club:
    """So many active members, an eighth more who have left, and half a year of what they did."""
    now = morning(day)
    members = [_member(number, number <= count, now, random_) for number in range(1, count * 9 // 8 + 1)]
    events = [_event(number, now, random_) for number in range(1, (HISTORY + AHEAD).days // 3 + 1)]
    active = [member.id for member in members if member.active]
    registrations: list[Registration] = []
    for event in events:
        for member in sorted(random_.sample(active, random_.randint(8, 30))):
            number = len(registrations) + 1
            registrations.append(
                Registration(number, event.id, member, random_.random() < 0.92, event.changed)
            )
    payments = [_payment(number, random_.choice(active), now, random_) for number in range(1, count + 1)]
    changes = [_change(number, random_.choice(active), now, random_) for number in range(1, 61)]
    notes = [Note(event.id, f"Bring something to drink to {event.title}", event.changed) for event in events]
    by_member = {member.id: member for member in members}
    for change in changes:
        by_member[change.member] = changed(by_member[change.member], change)
    return Club(list(by_member.values()), events, registrations, payments, changes, notes)


def changed(member: Member, change: ContactChange) -> Member:
    """The member with a line of the change log applied."""
    new = {"email": replace(member, email=change.value), "phone": replace(member, phone=change.value)}
    return replace(new[change.field], changed=max(member.changed, change.changed))


def _member(number: int, active: bool, now: datetime, random_: random.Random) -> Member:
    given, family = random_.choice(GIVEN), random_.choice(FAMILY)
    since = now - timedelta(days=random_.randint(200, 4000))
    email = f"{given}.{family}.{number}@members.example".lower()
    return Member(
        number, f"{given} {family}", email, _phone(number), active, since.date().isoformat(), written(since)
    )


def _phone(number: int) -> str:
    return f"+49 30 {5_000_000 + number}"


def _event(number: int, now: datetime, random_: random.Random) -> Event:
    # An hour that is the same in legacy's and in everybody else's idea of summer time.
    starts = (now - HISTORY + timedelta(days=3 * number)).replace(hour=random_.randint(9, 18))
    state = "cancelled" if random_.random() < 0.05 else "held" if starts < now else "open"
    title, place = random_.choice(EVENTS), random_.choice(PLACES)
    changed_at = min(starts, now) - timedelta(days=random_.randint(5, 20))
    return Event(
        number, title, place, written(starts), state, random_.choice((0, 500, 1200)), written(changed_at)
    )


def _payment(number: int, member: int, now: datetime, random_: random.Random) -> Payment:
    at = now - timedelta(days=random_.randint(2, HISTORY.days))
    return Payment(number, member, random_.choice((6000, 9000, 3500)), at.date().isoformat(), written(at))


def _change(number: int, member: int, now: datetime, random_: random.Random) -> ContactChange:
    at = written(now - timedelta(hours=6 * number))
    if random_.random() < 0.5:
        return ContactChange(f"l-{number}", member, "email", f"moved.{number}@members.example", at, "legacy")
    return ContactChange(f"n-{number}", member, "phone", _phone(900_000 + number), at, "new")

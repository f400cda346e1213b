"""What the two systems of the planwise example hold: legacy, and a new one with mistakes known in advance."""

import random
from dataclasses import dataclass

LAST_YEAR = 2025
LEVELS = {1: 48, 2: 62, 3: 80, 4: 104, 5: 135, 6: 175, 7: 230}
"""Level to its lowest salary, in thousands; the highest is a third above."""
EVENTS_PER_MILLE = {"hire": 90, "merit_increase": 1000, "promotion": 140, "termination": 69, "transfer": 60}


@dataclass(frozen=True)
class Employee:
    """Somebody who works there, or did."""

    id: int
    active: bool
    salary: int
    level: int


@dataclass(frozen=True)
class Event:
    """What happened to an employee in a year."""

    id: int
    employee: int
    type: str
    year: int


@dataclass(frozen=True)
class System:
    """What one of the two systems holds. `snapshot` is the compensation of active employees by id."""

    employees: list[Employee]
    snapshot: dict[int, int]
    events: list[Event]
    headcount: dict[int, int]


def legacy_system(count: int, random_: random.Random) -> System:
    """So many active employees, 8% more who have left, and their events."""
    employees = []
    for number in range(1, count + count * 8 // 100 + 1):
        level = random_.choices(list(LEVELS), weights=[22, 24, 20, 15, 10, 6, 3])[0]
        salary = LEVELS[level] * 1000 + random_.randrange(LEVELS[level] * 10 // 3) * 100
        employees.append(Employee(number, number <= count, salary, level))
    total = sum(one.salary for one in employees if one.active)
    # A total in whole thousands makes 7.2% of it a whole number.
    first = employees[0]
    employees[0] = Employee(first.id, first.active, first.salary - total % 1000 + 1000, first.level)
    events: list[Event] = []
    for event_type, per_mille in EVENTS_PER_MILLE.items():
        for _ in range(count * per_mille // 1000):
            year = LAST_YEAR - random_.randrange(3)
            events.append(Event(len(events) + 1, random_.randint(1, len(employees)), event_type, year))
    snapshot = {one.id: one.salary for one in employees if one.active}
    headcount = {LAST_YEAR - ago: count - count * 21 * ago // 1000 for ago in range(4)}
    return System(employees, snapshot, events, headcount)


def discrepant_system(legacy: System, random_: random.Random) -> System:
    """The new system with four mistakes, each in the place where a check looks.

    Of 100,000: 12 leavers are still active; 37 of level 3 became level 4; a bonus counted as salary lifts
    60% of the snapshot, 7.2% of the total; 1.2% of the merit increases are lost.
    """
    count = len(legacy.snapshot)
    leavers = [one.id for one in legacy.employees if not one.active]
    rehired = set(random_.sample(leavers, max(1, count * 12 // 100_000)))
    third = [one.id for one in legacy.employees if one.level == 3]
    promoted = set(random_.sample(third, max(1, count * 37 // 100_000)))
    employees = [
        Employee(one.id, one.active or one.id in rehired, one.salary, 4 if one.id in promoted else one.level)
        for one in legacy.employees
    ]
    lifted = random_.sample(sorted(legacy.snapshot), count * 60 // 100)
    bonus, rest = divmod(sum(legacy.snapshot.values()) * 72 // 1000, len(lifted))
    snapshot = dict(legacy.snapshot)
    for place, employee in enumerate(lifted):
        snapshot[employee] += bonus + (1 if place < rest else 0)
    merits = [event.id for event in legacy.events if event.type == "merit_increase"]
    lost = set(random_.sample(merits, len(merits) * 12 // 1000))
    events = [event for event in legacy.events if event.id not in lost]
    headcount = legacy.headcount | {LAST_YEAR: legacy.headcount[LAST_YEAR] + len(rehired)}
    return System(employees, snapshot, events, headcount)

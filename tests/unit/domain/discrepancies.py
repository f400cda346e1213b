"""Discrepancies, sightings and days for tests."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.carrying_over import Change, Looked, carried_over
from bot.domain.discrepancy import Discrepancy
from bot.domain.person import Actor
from bot.domain.sighting import Seen, Sighting

ANA = Actor("U0ANA", "Ana")
KIM = Actor("U0KIM", "Kim")
DAY_ONE = datetime(2026, 3, 14, 6, 30, tzinfo=UTC)


def moment(day: int) -> datetime:
    """Half past six of that day, 0 being the first."""
    return DAY_ONE + timedelta(days=day)


def date_of(day: int) -> date:
    """The date of that day."""
    return moment(day).date()


def looked(day: int) -> Looked:
    """A reconciliation on that day."""
    return Looked(f"r{day}", "ledger", started_at=moment(day), at=moment(day), day=date_of(day))


def sighted(*names: str, unnamed: int = 0, outside: bool = True) -> Sighting:
    """A check that sees these."""
    seen = tuple(Seen(name, f"{name} is off") for name in names)
    return Sighting("postings", "data", seen, unnamed, outside=outside)


def one(**changes: object) -> Discrepancy:
    """One that was found on the first day."""
    found = Discrepancy(
        id="d1",
        migration="ledger",
        check="postings",
        name="a",
        role="data",
        text="a is off",
        first_seen=moment(0),
        opened_at=moment(0),
        last_seen=moment(0),
        last_day=date_of(0),
        changed_at=moment(0),
    )
    return found.model_copy(update=changes)


def after(changes: tuple[Change, ...], before: tuple[Discrepancy, ...] = ()) -> dict[str, Discrepancy]:
    """The register once the changes are in it, by name."""
    return {**{each.name: each for each in before}, **{each.after.name: each.after for each in changes}}


def carry(
    known: dict[str, Discrepancy], found: Sighting, day: int, *, most: int = 1000
) -> tuple[dict[str, Discrepancy], dict[str, str]]:
    """The register after a day, and what became of which entry."""
    changes = carried_over(known.values(), found, looked(day), most=most)
    return after(changes, tuple(known.values())), {each.after.name: each.kind for each in changes}

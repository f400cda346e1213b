"""On which day a cutover may be, in the migration's zone."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.cutover_day import end_of, first_day, read_day, said_day, usable_day
from bot.domain.errors import RefusedError
from bot.domain.playbook.cutover import Cutover

# In Berlin it is the 14th already.
NOW = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)


def cutover(*freezes: tuple[str, str]) -> Cutover:
    return Cutover.model_validate(
        {
            "plan": "over",
            "back": "back",
            "zone": "Europe/Berlin",
            "approvals": {"role": "managers"},
            "requested_by": "operator",
            "assessment": {"owner": "operator"},
            "checklist": [{"id": "tell", "title": "Tell", "owner": "operator", "days_before": 7}],
            "freezes": [{"first": first, "last": last, "why": "Year end"} for first, last in freezes],
        }
    )


def test_a_day_is_one_of_the_migrations_zone() -> None:
    assert usable_day(cutover(), date(2026, 3, 14), now=NOW) == date(2026, 3, 14)
    with pytest.raises(RefusedError, match="2026-03-13 is over in Europe/Berlin"):
        usable_day(cutover(), date(2026, 3, 13), now=NOW)


@pytest.mark.parametrize("day", ["2026-03-20", "2026-03-22"])
def test_both_ends_of_a_freeze_are_in_it_and_the_next_day_is_named(day: str) -> None:
    frozen = cutover(("2026-03-20", "2026-03-22"), ("2026-03-23", "2026-03-24"))
    with pytest.raises(RefusedError, match="next day that is not frozen is 2026-03-25"):
        usable_day(frozen, date.fromisoformat(day), now=NOW)
    assert usable_day(frozen, date(2026, 3, 19), now=NOW) == date(2026, 3, 19)


def test_the_first_day_leaves_the_checklist_its_time_and_is_in_no_freeze() -> None:
    assert first_day(cutover(), now=NOW) == date(2026, 3, 21)
    assert first_day(cutover(("2026-03-20", "2026-03-22")), now=NOW) == date(2026, 3, 23)


def test_a_day_ends_when_it_does_there_in_summer_time_as_well() -> None:
    assert end_of(date(2026, 3, 14), "Europe/Berlin") == datetime(2026, 3, 14, 23, tzinfo=UTC)
    assert end_of(date(2026, 3, 29), "Europe/Berlin") == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "soon", "2026-02-30", "28.3.2026"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(RefusedError, match="is no day") as error:
        read_day(typed)
    assert error.value.field == "day"


def test_a_day_is_said_with_its_weekday() -> None:
    assert said_day(date(2026, 12, 5)) == "Saturday 5 December 2026"

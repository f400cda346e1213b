"""A follow-up: open, moved, done; what the one who comes late is told."""

from datetime import timedelta

import pytest

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.playbook.document import Playbook
from tests.unit.domain.ledger import ANA, NOW, SAM, after, document

HOUR = timedelta(hours=1)
PLANNED = ScheduledFollowUp(
    id="1", incident="i", run="r", migration="ledger", name="cause", title="Cause", owner="operator", due=NOW
)


def moved(one: ScheduledFollowUp, later: timedelta = HOUR, *, seconds: float = -60) -> ScheduledFollowUp:
    return one.moved(later, version=one.version, reason=" waits ", by=SAM, at=after(seconds))


def test_a_move_counts_from_the_due_time_or_from_now_when_that_is_past() -> None:
    assert moved(PLANNED).due == NOW + HOUR
    assert moved(PLANNED, seconds=600).due == after(600) + HOUR
    again = moved(moved(PLANNED))
    assert (again.due, again.version, again.reason, again.status) == (NOW + 2 * HOUR, 3, "waits", "open")


def test_it_is_late_from_its_due_time_until_it_is_done() -> None:
    assert PLANNED.late(after(-1)) < timedelta() == PLANNED.late(NOW)
    assert PLANNED.late(after(90)) == timedelta(seconds=90)
    assert PLANNED.done(by=SAM, at=after(60)).late(after(90)) == timedelta()


def test_who_comes_late_is_told_what_happened() -> None:
    with pytest.raises(SupersededError, match="Sam moved “Cause” already, to 2026-03-14 04:12 UTC: waits"):
        moved(PLANNED).moved(HOUR, version=1, reason="x", by=ANA, at=NOW)
    done = PLANNED.done(by=SAM, at=NOW)
    for late in (lambda: done.done(by=ANA, at=NOW), lambda: moved(done)):
        with pytest.raises(SupersededError, match="Sam marked “Cause” as done already"):
            late()


@pytest.mark.parametrize("later", [timedelta(), -HOUR, timedelta(days=365, seconds=1), timedelta.max])
def test_it_is_moved_to_a_later_time_within_a_year(later: timedelta) -> None:
    with pytest.raises(RefusedError, match="to a later time, by 365d at most") as error:
        moved(PLANNED, later)
    assert error.value.field == "by"


def test_a_playbook_has_none_unless_it_says_so() -> None:
    assert Playbook.model_validate(document()).follow_ups == ()
    declared = {"id": "cause", "after": "1h30m", "title": "Cause", "owner": "operator"}
    (one,) = Playbook.model_validate(document(follow_ups=[declared])).follow_ups
    assert (one.after, one.model_dump(mode="json")) == (timedelta(minutes=90), declared)

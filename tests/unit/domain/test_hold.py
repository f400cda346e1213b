"""Times of day that a cutover's plan waits for: which is next, how it is told, that no budget counts them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.hold import Hold, Until, next_hold, next_tick, waited_until
from bot.domain.messages.run import run_facts
from bot.domain.playbook.plans import Plan
from bot.domain.run import Run
from bot.domain.run_clock import due_warnings, next_warning, projected_end
from bot.domain.run_purpose import described, in_its_place, noun
from tests.unit.domain.ledger import DONE, NOW, Node, after, plan_of, run_of, step

HOURS = timedelta(hours=1)
DUE = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
WAITING: Node = {"status": "waiting", "attempt": 1, "started_at": NOW, "due": DUE}


def _hold(name: str, at: str, day: int = 0) -> Node:
    return step(name, "wait-until", **{"with": {"at": at, "day": day}})


def _run(*states: Node, **changes: object) -> Run:
    steps = [_hold("eight", "08:00"), step("sync"), _hold("nine", "09:00", 1), step("open")]
    made = run_of(*states, plan=Plan.model_validate(plan_of(steps)))
    return made.model_copy(update={"day": NOW.date(), "purpose": "cutover", **changes})


def test_the_next_hold_is_the_first_that_the_run_is_not_past_with_the_step_after_it() -> None:
    run = _run(WAITING, status="waiting")
    assert next_hold(run) == Hold(at=DUE, zone="UTC", before=run.step("sync").title)
    later = next_hold(_run(DONE))
    assert later is not None
    assert later.at == datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
    assert next_hold(_run(DONE, DONE, DONE)) is None
    assert next_hold(_run(status="aborted")) is None


def test_a_time_of_day_is_of_the_cutovers_zone_also_when_clocks_change() -> None:
    sunday = date(2026, 3, 29)
    assert Until(at="06:00").moment(sunday, "Europe/Berlin") == datetime(2026, 3, 29, 4, 0, tzinfo=UTC)
    # 02:30 is left out that day: the first moment after it counts.
    assert Until(at="02:30").moment(sunday, "Europe/Berlin") == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert Until(at="06:00", day=1).moment(sunday, "UTC") == datetime(2026, 3, 30, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("changes", [{"day": None}, {"rehearsal": "rehearsal"}])
def test_a_run_without_a_day_and_a_rehearsal_wait_for_no_time(changes: dict[str, object]) -> None:
    run = _run(**changes)
    assert waited_until(run.step("eight"), run) is None


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (DUE - 42 * timedelta(minutes=1), "next: 08:00 sync, in 42m"),
        (DUE - timedelta(hours=2, seconds=-20), "next: 08:00 sync, in 1h59m"),
        (DUE - timedelta(seconds=20), "next: 08:00 sync, now"),
        (DUE - timedelta(days=1), "next: 2026-03-14 08:00 sync, in 1d"),
    ],
)
def test_the_countdown_is_told_in_the_zones_time(now: datetime, told: str) -> None:
    assert Hold(at=DUE, zone="UTC", before="sync").described(now) == told


@pytest.mark.parametrize(
    ("left", "until_told"),
    [
        (timedelta(hours=5), timedelta(hours=4)),
        (timedelta(hours=2, minutes=20), timedelta(hours=2)),
        (timedelta(minutes=50), timedelta(minutes=45)),
        (timedelta(minutes=12), timedelta(minutes=10)),
        (timedelta(minutes=4), timedelta(minutes=1)),
    ],
)
def test_it_is_told_anew_ever_more_often(left: timedelta, until_told: timedelta) -> None:
    assert next_tick(_run(WAITING, status="waiting"), DUE - left) == DUE - until_told


def test_the_last_minute_and_a_run_that_acts_are_not_counted_down() -> None:
    assert next_tick(_run(WAITING, status="waiting"), DUE - timedelta(seconds=30)) is None
    assert next_tick(_run(DONE), NOW) is None


def test_waiting_for_a_time_of_day_counts_against_no_budget() -> None:
    run = _run(WAITING, status="waiting")
    assert run.elapsed(after(3 * 3600)) == timedelta()
    assert run.stage_elapsed(run.plan.stages[0].id, after(3 * 3600)) == timedelta()
    assert due_warnings(run, after(4 * 3600)) == ()
    first = next_warning(run, NOW)
    assert first is not None
    assert first > DUE
    done = {**WAITING, "status": "done", "ended_at": DUE}
    acting: Node = {"status": "running", "attempt": 1, "started_at": DUE}
    going_on = _run(done, acting)
    assert going_on.elapsed(DUE + timedelta(seconds=10)) == timedelta(seconds=10)
    assert projected_end(going_on, DUE + timedelta(seconds=10)) is None
    assert run_facts(run, now=NOW).budget_until == run.confirmed_at + run.plan.budget + (DUE - NOW)


def test_the_point_of_no_return_is_past_once_it_or_a_step_after_it_has_begun() -> None:
    begun: Node = {"status": "running", "attempt": 1, "started_at": NOW}
    assert not _run(DONE, begun, no_return="nine").past_no_return
    assert _run(DONE, DONE, begun, no_return="nine").past_no_return
    assert _run(DONE, DONE, {"status": "omitted"}, begun, no_return="nine").past_no_return
    assert not _run(DONE, begun).past_no_return


def test_a_run_is_called_what_it_is_for() -> None:
    assert [described("cutover", ""), described("phase", "pilot"), described("back", "shadow")] == [
        "cutover",
        "move to pilot",
        "move back to shadow",
    ]
    assert (described("rollback", ""), noun("phase")) == ("rollback", "move")
    assert (in_its_place("cutover"), in_its_place("phase"), in_its_place("rollback")) == (
        "rollback",
        "back",
        "rollback",
    )

"""A run: its steps, how far it is, and its stopwatches."""

from datetime import timedelta

import pytest

from bot.domain.errors import SupersededError
from bot.domain.run import Run, first_states
from tests.unit.domain.ledger import DONE, NOW, SAM, after, run_of


def test_first_every_step_is_pending_in_the_order_of_the_plan() -> None:
    states = first_states(run_of().plan)
    assert [(state.stage, state.step, state.status, state.attempt) for state in states] == [
        ("stage-1", "stop", "pending", 0),
        ("stage-1", "route", "pending", 0),
        ("stage-2", "call", "pending", 0),
        ("stage-2", "rest", "pending", 0),
        ("stage-2", "tell", "pending", 0),
    ]


def test_progress_tells_skipped_steps_from_done_ones() -> None:
    assert run_of(DONE).progress() == "1 of 5 steps"
    assert run_of(DONE, {"status": "skipped"}).progress() == "1 of 5 steps, 1 skipped"
    several = run_of(DONE, {"status": "omitted"}, {"status": "tolerated"}, {"status": "skipped"})
    assert several.progress() == "1 of 5 steps, 1 skipped, 1 not needed, 1 failed"


def test_a_step_that_the_run_does_not_have_is_told_so() -> None:
    with pytest.raises(SupersededError, match="no step “other”"):
        run_of().state("other")


def test_the_stopwatch_of_a_run_stops_at_its_end() -> None:
    assert run_of().elapsed(after(30)) == timedelta(seconds=30)
    assert run_of(ended_at=after(20)).elapsed(after(30)) == timedelta(seconds=20)


def test_the_stopwatch_of_a_stage_runs_from_its_first_step_to_its_last() -> None:
    began = {**DONE, "started_at": after(2), "ended_at": after(6)}
    running = run_of(began, {"status": "running", "started_at": after(6)})
    assert running.stage_elapsed("stage-1", after(10)) == timedelta(seconds=8)
    assert running.stage_elapsed("stage-2", after(10)) == timedelta()
    settled = run_of(began, {"status": "skipped", "started_at": after(6), "ended_at": after(9)})
    assert settled.stage_elapsed("stage-1", after(50)) == timedelta(seconds=7)
    aborted = run_of(
        began, {"status": "failed", "started_at": after(6), "ended_at": after(9)}, ended_at=after(20)
    )
    assert aborted.stage_elapsed("stage-1", after(50)) == timedelta(seconds=18)


def test_a_step_that_has_not_begun_has_taken_no_time() -> None:
    assert run_of().state("stop").elapsed(after(50)) == timedelta()


def test_a_stopwatch_never_shows_less_than_nothing_when_the_clock_was_set_back() -> None:
    run = run_of({"status": "running", "started_at": after(60)})
    assert run.state("stop").elapsed(NOW) == timedelta()
    assert run.stage_elapsed("stage-1", NOW) == timedelta()
    assert run.elapsed(after(-60)) == timedelta()


def test_a_stage_counts_the_time_of_earlier_attempts() -> None:
    again = {"status": "running", "started_at": after(30), "spent": timedelta(seconds=10), "attempt": 2}
    assert run_of(again).stage_elapsed("stage-1", after(35)) == timedelta(seconds=15)


def test_a_run_is_the_same_after_it_was_stored() -> None:
    run = run_of({**DONE, "decided_by": SAM, "reason": "so", "due": NOW})
    assert Run.model_validate(run.model_dump(mode="json", by_alias=True)) == run

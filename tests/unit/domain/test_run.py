"""A run's next move, its stopwatches, and that a run always comes to its end."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import SupersededError
from bot.domain.run import Act, Finish, Move, Rest, Run, RunStatus, Settle, StepState, first_states, next_move
from bot.domain.step_decision import StepDecision, decide
from tests.unit.domain.ledger import DONE, NOW, SAM, after, run_of

STEPS = ["stop", "route", "call", "rest", "tell"]


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ({}, Act("stop")),
        ({"status": "running", "attempt": 1}, Settle("stop")),
        ({"status": "waiting"}, Rest()),
        ({"status": "waiting", "due": after(1)}, Rest()),
        ({"status": "waiting", "due": NOW}, Act("stop")),
        ({"status": "failed"}, Rest()),
        ({"status": "unknown"}, Rest()),
        ({"status": "done"}, Act("route")),
        ({"status": "skipped"}, Act("route")),
    ],
)
def test_the_first_step_that_is_not_settled_decides_the_next_move(
    state: dict[str, object], move: Move
) -> None:
    assert next_move(run_of(state), NOW) == move


def test_a_run_with_every_step_settled_is_finished() -> None:
    assert next_move(run_of(*[DONE] * 4, {"status": "skipped"}), NOW) == Finish()


@pytest.mark.parametrize("status", ["asking", "done", "aborted"])
def test_a_run_that_asks_or_is_over_does_not_move(status: RunStatus) -> None:
    assert next_move(run_of(status=status), NOW) == Rest()


def put(run: Run, state: StepState, status: RunStatus) -> Run:
    steps = tuple(state if one.step == state.step else one for one in run.steps)
    return run.model_copy(update={"steps": steps, "status": status})


def act(run: Run, step: str, outcome: str) -> Run:
    """What the interpreter records of an act: it ended so, or (`lost`) its end was not recorded."""
    state = run.state(step)
    status = {"succeeded": "done", "failed": "failed", "unknown": "unknown", "lost": "running"}[outcome]
    changes: dict[str, object] = {"status": status, "attempt": state.attempt + 1}
    if state.status == "waiting":
        changes = {"status": "done"}
    elif run.step(step).uses == "manual":
        changes["status"] = "waiting"
    elif run.step(step).uses == "wait":
        changes |= {"status": "waiting", "due": after(60)}
    moved = state.model_copy(update=changes)
    to: dict[str, RunStatus] = {"failed": "asking", "unknown": "asking", "waiting": "waiting"}
    return put(run, moved, to.get(moved.status, "running"))


OPEN: dict[str, list[StepDecision]] = {
    "waiting": ["manual-done", "skip", "abort"],
    "failed": ["retry", "skip", "abort"],
    "unknown": ["retry", "mark-done", "skip", "abort"],
}


@given(st.data())
def test_any_sequence_of_outcomes_and_decisions_ends_and_acts_on_no_settled_step(data: st.DataObject) -> None:
    run, now, acted = run_of(), NOW, list[str]()
    for _ in range(60):
        move = next_move(run, now)
        settled = {state.step for state in run.steps if state.status in ("done", "skipped")}
        match move:
            case Finish():
                assert settled == set(STEPS)
                break
            case Act(step) | Settle(step):
                assert step not in settled
                assert settled == set(STEPS[: STEPS.index(step)]), "steps are done in order"
                acted.append(step)
                outcomes = ["succeeded", "failed", "unknown", "lost"] if len(acted) < 12 else ["succeeded"]
                run = act(run, step, data.draw(st.sampled_from(outcomes)))
            case Rest():
                state = run.current
                assert state is not None
                if state.due is not None:
                    now = state.due
                    continue
                allowed = OPEN[state.status] if len(acted) < 12 else [OPEN[state.status][-2]]
                decision = data.draw(st.sampled_from(allowed))
                decided = decide(
                    run,
                    step=state.step,
                    attempt=state.attempt,
                    decision=decision,
                    reason="so",
                    by=SAM,
                    at=now,
                )
                run = put(run, decided, "aborted" if decision == "abort" else "running")
                if decision == "abort":
                    assert next_move(run, now) == Rest()
                    break
    else:
        pytest.fail("the run did not end")


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


def test_a_run_is_the_same_after_it_was_stored() -> None:
    run = run_of({**DONE, "decided_by": SAM, "reason": "so", "due": NOW})
    assert Run.model_validate(run.model_dump(mode="json", by_alias=True)) == run

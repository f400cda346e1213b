"""A run's next moves: what begins, what is brought to its end, and that a run always comes to its end."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moves import Act, EndWait, Move, Omit, Settle, is_over, next_due, next_moves
from bot.domain.playbook.plans import Plan
from bot.domain.run import Run, RunStatus
from bot.domain.run_steering import aborted, paused, resumed
from bot.domain.step_decision import decide
from bot.domain.step_outcome import begun, ended
from tests.unit.domain.ledger import ANA, DONE, NOW, PLAN, SAM, Node, after, plan_of, run_of, step


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ({}, Act("stop")),
        ({"status": "running", "attempt": 1}, Settle("stop")),
        ({"status": "waiting"}, None),
        ({"status": "waiting", "due": after(1)}, None),
        ({"status": "waiting", "due": NOW}, EndWait("stop")),
        ({"status": "pending", "attempt": 1, "due": after(1)}, None),
        ({"status": "pending", "attempt": 1, "due": NOW}, Act("stop")),
        ({"status": "failed"}, None),
        ({"status": "unknown"}, None),
        ({"status": "done"}, Act("route")),
        ({"status": "skipped"}, Act("route")),
        ({"status": "omitted"}, Act("route")),
        ({"status": "tolerated"}, Act("route")),
    ],
)
def test_the_first_step_that_is_not_settled_decides_the_next_move(
    state: dict[str, object], move: Move | None
) -> None:
    assert next_moves(run_of(state).settled_status(), NOW) == ((move,) if move else ())


def _parallel(*steps: Node) -> Plan:
    plan = plan_of(list(steps), [step("after")])
    stages = plan["stages"]
    assert isinstance(stages, list)
    stages[0]["parallel"] = True
    return Plan.model_validate(plan)


FORK = _parallel(step("a"), step("b"), step("c", needs=["a"]), step("d", needs=["a", "b"]))


def _acts(run: Run) -> list[str]:
    return [move.step for move in next_moves(run, NOW)]


def test_steps_of_a_parallel_stage_begin_together_and_each_after_what_it_needs() -> None:
    assert _acts(run_of(plan=FORK)) == ["a", "b"]
    assert _acts(run_of(DONE, plan=FORK)) == ["b", "c"]
    assert _acts(run_of({}, DONE, plan=FORK)) == ["a"]
    assert _acts(run_of(DONE, DONE, plan=FORK)) == ["c", "d"]
    assert _acts(run_of(DONE, DONE, DONE, plan=FORK)) == ["d"]
    assert _acts(run_of(DONE, DONE, DONE, DONE, plan=FORK)) == ["after"]


def test_while_one_step_is_asked_about_no_other_begins_and_those_that_act_are_brought_to_their_end() -> None:
    run = run_of({"status": "failed"}, {"status": "running"}, plan=FORK).settled_status()
    assert run.status == "asking"
    assert next_moves(run, NOW) == (Settle("b"),)


def test_a_paused_run_begins_nothing_and_goes_on_where_it_stood() -> None:
    run = paused(run_of(DONE), by=SAM, at=NOW)
    assert next_moves(run, NOW) == ()
    assert next_due(run, NOW) is None
    assert next_moves(resumed(run), NOW) == (Act("route"),)


def test_a_run_goes_on_by_itself_when_its_nearest_wait_ends() -> None:
    waits = _parallel(step("a", "wait"), step("b", "wait"))
    states: list[Mapping[str, object]] = [
        {"status": "waiting", "due": after(90)},
        {"status": "waiting", "due": after(30)},
    ]
    run = run_of(*states, plan=waits).settled_status()
    assert run.status == "waiting"
    assert next_due(run, NOW) == after(30)


CONDITIONED = Plan.model_validate(
    plan_of([step("stop"), step("kill", when={"step": "stop", "ended": ["failed", "skipped"]})])
)


@pytest.mark.parametrize(
    ("ended_so", "move"),
    [("done", Omit("kill")), ("tolerated", Act("kill")), ("skipped", Act("kill")), ("omitted", Omit("kill"))],
)
def test_a_condition_on_how_an_earlier_step_ended_decides_whether_a_step_is_needed(
    ended_so: str, move: Move
) -> None:
    assert next_moves(run_of({"status": ended_so}, plan=CONDITIONED), NOW) == (move,)


@pytest.mark.parametrize("status", ["done", "aborted", "replaced"])
def test_a_run_that_is_over_does_not_move(status: RunStatus) -> None:
    run = run_of(status=status)
    assert (next_moves(run, NOW), is_over(run)) == ((), False)


def test_a_run_with_every_step_settled_is_over() -> None:
    run = run_of(*[DONE] * 4, {"status": "skipped"})
    assert is_over(run)
    assert next_moves(run, NOW) == ()


ANSWERS = {"waiting": ["manual-done", "skip"], "failed": ["retry", "skip", "mark-done"]}
ANSWERS["unknown"] = ["retry", "mark-done", "skip"]


def _moved(run: Run, move: Move, draw: st.DataObject, luck: list[str]) -> Run:
    state, planned = run.state(move.step), run.step(move.step)
    if isinstance(move, Omit):
        return run.having(state.model_copy(update={"status": "omitted"}))
    if isinstance(move, EndWait):
        return run.having(state.model_copy(update={"status": "done"}))
    if isinstance(move, Act) and planned.uses == "manual":
        return run.having(state.model_copy(update={"status": "waiting", "attempt": state.attempt + 1}))
    if isinstance(move, Act) and planned.uses == "wait":
        changes = {"status": "waiting", "attempt": state.attempt + 1, "due": after(60)}
        return run.having(state.model_copy(update=changes))
    if isinstance(move, Act):
        return run.having(begun(state, nonce="n", at=NOW))
    outcome = draw.draw(st.sampled_from(luck))
    return run.having(
        ended(
            state,
            planned,
            outcome=outcome,  # type: ignore[arg-type]
            summary="",
            evidence=(),
            idempotent=True,
            at=NOW,
        )
    )


PLANS = [
    Plan.model_validate(PLAN),
    FORK,
    CONDITIONED,
    _parallel(
        step("a", retries={"times": 2, "pause": "1s"}),
        step("b", "manual"),
        step("c", "wait", needs=["b"]),
        step("d", on_failure="continue"),
    ),
]


@given(st.data(), st.sampled_from(PLANS))
def test_any_order_of_outcomes_and_decisions_ends_and_moves_no_settled_step(
    data: st.DataObject, plan: Plan
) -> None:
    run, now = run_of(plan=plan), NOW
    for turn in range(200):
        if is_over(run):
            return
        assert run.active
        luck = ["succeeded", "failed", "unknown"] if turn < 40 else ["succeeded"]
        moves = next_moves(run, now)
        for move in moves:
            assert not run.state(move.step).settled
        if moves:
            run = _moved(run, data.draw(st.sampled_from(moves)), data, luck)
            continue
        due = next_due(run, now)
        if due is not None and data.draw(st.booleans()):
            now = due
            continue
        open_to = [state for state in run.steps if state.status in ANSWERS and state.due is None]
        if not open_to:
            assert due is not None, "a run that rests waits for a person or a time"
            now = due
            continue
        state = data.draw(st.sampled_from(open_to))
        choices = ANSWERS[state.status] if turn < 40 else ["skip"]
        decision = data.draw(st.sampled_from(choices))
        after_it = decide(
            run,
            step=state.step,
            attempt=state.attempt,
            decision=decision,  # type: ignore[arg-type]
            reason="so",
            by=SAM,
            at=now,
        )
        run = run.having(after_it)
    pytest.fail("the run did not end")


def test_an_aborted_run_ends_when_what_acts_has_ended_and_no_other_step_begins() -> None:
    acting = run_of({"status": "running", "attempt": 1, "nonce": "n"}, {"status": "waiting"}, plan=FORK)
    ending = aborted(acting, reason="wrong plan", by=ANA, at=NOW)
    assert ending.status == "aborting"
    assert next_moves(ending, NOW) == (Settle("a"),)
    at_rest = aborted(run_of({"status": "failed"}), reason="wrong plan", by=ANA, at=NOW)
    assert (at_rest.status, at_rest.ended_by, at_rest.ended_at) == ("aborted", ANA, NOW)

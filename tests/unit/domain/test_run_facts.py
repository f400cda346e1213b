"""What a run's live message is told."""

from datetime import timedelta

import pytest

from bot.domain.messages.run import RunFacts, run_facts
from bot.domain.run import Run, RunStatus
from tests.unit.domain.ledger import DONE, NOW, PLAN, SAM, after, plan_of, run_of, step


def facts(run: Run, seconds: float = 30) -> RunFacts:
    return run_facts(run, now=after(seconds))


def test_the_facts_are_those_of_the_run_now() -> None:
    told = facts(run_of(DONE, {"status": "running", "attempt": 1, "started_at": after(4)}))
    assert (told.elapsed, told.budget) == (timedelta(seconds=30), timedelta(minutes=5))
    assert (told.confirmed_at - told.detected_at, told.progress) == (timedelta(minutes=9), "1 of 5 steps")
    assert told.current is not None
    assert (told.current.id, told.current.elapsed) == ("route", timedelta(seconds=26))
    assert [step.status for stage in told.stages for step in stage.steps] == [
        "done",
        "running",
        *["pending"] * 3,
    ]


@pytest.mark.parametrize(
    ("states", "status", "stages"),
    [
        ([], "running", ["pending", "pending"]),
        ([{"status": "running"}], "running", ["running", "pending"]),
        ([DONE], "running", ["running", "pending"]),
        ([DONE, {"status": "skipped"}], "running", ["done", "pending"]),
        ([DONE, {"status": "failed"}], "asking", ["stopped", "pending"]),
        ([{"status": "unknown"}], "asking", ["stopped", "pending"]),
        ([DONE, DONE, {"status": "waiting"}], "waiting", ["done", "running"]),
        ([DONE, DONE, {"status": "waiting"}], "aborted", ["done", "stopped"]),
        ([DONE, {"status": "failed"}], "aborted", ["stopped", "pending"]),
        ([DONE] * 5, "done", ["done", "done"]),
    ],
)
def test_a_stage_stands_where_its_steps_stand(
    states: list[dict[str, object]], status: RunStatus, stages: list[str]
) -> None:
    assert [stage.status for stage in facts(run_of(*states, status=status)).stages] == stages


def test_the_instructions_are_told_with_each_step_by_hand() -> None:
    by_hand = plan_of([step("call", "manual", **{"with": {"instructions": "Call payroll"}})])
    told = facts(run_of({"status": "waiting"}, status="waiting", plan=by_hand)).asks
    assert [(line.title, line.instructions) for line in told] == [("Do call", "Call payroll")]


def test_what_failed_or_is_not_known_is_asked_before_what_is_done_by_hand_and_what_waits_for_a_time() -> None:
    run = run_of(
        {"status": "waiting", "due": after(60)},
        {"status": "waiting"},
        {"status": "unknown"},
        {"status": "failed"},
        status="asking",
    )
    assert [line.id for line in facts(run).asks] == ["rest", "call", "route", "stop"]


def test_every_stopwatch_stands_still_once_the_run_is_over() -> None:
    failed = {"status": "failed", "attempt": 1, "started_at": NOW}
    run = run_of(failed, status="aborted", ended_at=after(20), ended_by=SAM, end_reason="no more")
    early, late = facts(run, 30), facts(run, 3000)
    assert early.model_dump(exclude={"at"}) == late.model_dump(exclude={"at"})
    assert (late.elapsed, late.stages[0].elapsed) == (timedelta(seconds=20), timedelta(seconds=20))
    assert (late.ended_by, late.end_reason) == ("Sam", "no more")


def test_a_run_with_nothing_left_has_no_current_step() -> None:
    assert facts(run_of(*[DONE] * 5, status="done", plan=PLAN)).current is None

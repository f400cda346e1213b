"""Intent, act, outcome: in this order, each in the store before the next begins."""

import asyncio

import pytest

from bot.domain.messages.timeline import TimelineFacts
from bot.domain.person import SWITCHBACK
from bot.ports.outcome import Evidence, Outcome
from tests.integration.ledger import as_plan, scripted
from tests.integration.trial import Trial

TWO = as_plan(scripted("stop"), scripted("restore"))


async def test_the_intent_is_in_the_store_while_the_step_acts_and_the_outcome_is_not(trial: Trial) -> None:
    await trial.started(TWO)
    seen = []

    async def look(value: str) -> None:
        state = (await trial.run()).state(value)
        seen.append((value, state.status, state.attempt, state.nonce, await trial.audited()))

    trial.action.during = look
    await trial.work()
    assert [entry[:3] for entry in seen] == [("stop", "running", 1), ("restore", "running", 1)]
    assert [entry[3] for entry in seen] == [acted.nonce for acted in trial.action.ledger]
    assert [kind for kind, _ in seen[0][4]] == ["step.intent"]
    assert [kind for kind, _ in seen[1][4]] == ["step.intent", "step.outcome", "step.intent"]


async def test_a_run_whose_steps_succeed_is_done_and_closes_its_incident(trial: Trial) -> None:
    await trial.started(TWO)
    assert await trial.incident_is_open()
    await trial.work()
    run = await trial.run()
    assert trial.action.acts == ["stop", "restore"]
    assert [state.status for state in run.steps] == ["done", "done"]
    assert (run.status, run.ended_at, run.ended_by) == ("done", trial.clock.now(), SWITCHBACK)
    assert not await trial.incident_is_open()
    assert (await trial.told())[-1] == "Switchback: ✅ “Immediate” is done in 0:00 of 5:00, 2 of 2 steps"
    assert [kind for kind, _ in await trial.audited()][-1] == "run.done"
    async with trial.store.reading() as tx:
        assert await tx.runs.active() == ()


async def test_the_evidence_of_an_act_is_kept_with_the_step(trial: Trial) -> None:
    evidence = (Evidence("exit", "0"), Evidence("output", "stopped"))
    trial.action.outcomes["stop"].append(Outcome("succeeded", "the unit is down", evidence))
    await trial.started(TWO)
    await trial.work()
    state = (await trial.run()).state("stop")
    assert state.summary == "the unit is down"
    assert [(proof.name, proof.text) for proof in state.evidence] == [("exit", "0"), ("output", "stopped")]


@pytest.mark.parametrize(
    ("outcome", "status", "told"),
    [
        (
            Outcome("failed", "port closed"),
            "failed",
            "❌ Do stop failed after 0:00 of 0:30: port closed. Retry",
        ),
        (Outcome("unknown", "no answer"), "unknown", "❔ Do stop may or may not have been done. no answer"),
    ],
)
async def test_a_step_that_did_not_succeed_stops_the_run_and_asks_the_person_who_confirmed(
    trial: Trial, outcome: Outcome, status: str, told: str
) -> None:
    trial.action.outcomes["stop"].append(outcome)
    await trial.started(TWO)
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").status, run.state("restore").status) == (
        "asking",
        status,
        "pending",
    )
    assert trial.action.acts == ["stop"]
    assert await trial.incident_is_open()
    assert told in (await trial.told())[-1]
    last = TimelineFacts.model_validate((await trial.messages("timeline"))[-1].facts)
    assert [entry.mention for entry in last.entries] == ["U0SAM"]


async def test_an_adapter_that_breaks_is_an_unknown_outcome_and_asked_about(trial: Trial) -> None:
    trial.action.outcomes["stop"].append(RuntimeError("password=s3cret"))
    await trial.started(TWO)
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").status) == ("asking", "unknown")
    assert run.state("stop").summary == "the adapter scripted broke: RuntimeError"
    assert "s3cret" not in "\n".join(await trial.told())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"uses": "teleport"}, "there is no adapter teleport any more"),
        (
            {"with": {"value": "stop", "since": "removed"}},
            "the adapter scripted does not take the step's parameters",
        ),
    ],
)
async def test_a_step_that_can_no_longer_be_called_has_failed_with_nothing_done(
    trial: Trial, change: dict[str, object], why: str
) -> None:
    await trial.started(as_plan(scripted("stop") | change, scripted("restore")))
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").status) == ("asking", "failed")
    assert run.state("stop").summary == f"nothing was done: {why}"
    assert trial.action.acts == []


async def test_a_step_that_can_no_longer_be_called_is_asked_about_when_its_intent_was_recorded(
    trial: Trial,
) -> None:
    await trial.started(as_plan(scripted("stop") | {"uses": "teleport"}))
    run = await trial.run()
    acting = run.state("stop").model_copy(update={"status": "running", "attempt": 1})
    async with trial.store.transaction() as tx:
        assert await tx.runs.change(run, run.having(acting)) is not None
    await trial.work()
    assert (await trial.run()).state("stop").status == "unknown"


async def test_a_step_that_outlasts_its_limit_is_given_up_as_unknown(trial: Trial) -> None:
    async def hang(value: str) -> None:
        await asyncio.Event().wait()

    trial.action.during = hang
    step = scripted("stop") | {"longest": "20ms"}
    await trial.started(as_plan(step))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.engine.acting.GRACE_SECONDS", 0.0)
        await trial.work()
    state = (await trial.run()).state("stop")
    assert (state.status, state.summary) == (
        "unknown",
        "did not end within its 0.02 s and could not be stopped",
    )


async def test_a_run_that_another_replica_drives_is_left_to_it(trial: Trial) -> None:
    await trial.started(TWO)
    run = await trial.run()
    async with trial.store.transaction() as tx:
        assert await tx.runs.change(run, run.model_copy(update={"driver": "other"})) is not None
    before = await trial.counts()
    await trial.interpreter.drive("run-1")
    assert trial.action.acts == []
    assert await trial.counts() == before


async def test_a_run_that_is_taken_over_while_a_step_acts_begins_no_other_here(trial: Trial) -> None:
    async def lose(value: str) -> None:
        run = await trial.run()
        async with trial.store.transaction() as tx:
            assert await tx.runs.change(run, run.model_copy(update={"driver": "other"})) is not None

    trial.action.during = lose
    await trial.started(TWO)
    await trial.work()
    run = await trial.run()
    assert trial.action.acts == ["stop"]
    assert (run.state("stop").status, run.state("restore").status) == ("done", "pending")
    assert run.driver == "other"


async def test_a_job_that_comes_again_after_the_end_does_nothing(trial: Trial) -> None:
    await trial.started(TWO)
    await trial.work()
    before = await trial.counts()
    await trial.interpreter.drive("run-1")
    assert trial.action.acts == ["stop", "restore"]
    assert await trial.counts() == before


async def test_a_job_of_the_first_release_is_understood(trial: Trial) -> None:
    await trial.started(TWO)
    await trial.functions["run"](run_id="run-1", segment=1)
    assert trial.action.acts == ["stop", "restore"]


async def test_the_stopwatch_is_kept_going_while_a_step_acts(trial: Trial) -> None:
    """Its last tick is cut off in the middle when the act ends, and disturbs nothing."""
    shown: list[object] = []

    async def work_a_while(value: str) -> None:
        await trial.clock.asleep(2.0)
        trial.clock.advance(2)
        await trial.clock.asleep(2.0)
        shown.extend(row.facts["elapsed"] for row in await trial.messages("run"))
        trial.clock.advance(2)

    trial.action.during = work_a_while
    await trial.started(as_plan(scripted("stop")))
    await trial.work()
    run = await trial.run()
    assert run.status == "done"
    assert shown == ["PT2S"]
    assert run.state("stop").elapsed(trial.clock.now()).total_seconds() == 4


async def test_elapsed_is_counted_against_the_budget_from_the_confirmation_to_the_end(trial: Trial) -> None:
    async def take(value: str) -> None:
        trial.clock.advance({"stop": 20, "restore": 71}[value])

    trial.action.during = take
    await trial.started(TWO)
    trial.clock.advance(9)
    await trial.work()
    trial.clock.advance(hours=1)
    run = await trial.run()
    now = trial.clock.now()
    assert run.state("stop").elapsed(now).total_seconds() == 20
    assert run.stage_elapsed("back", now).total_seconds() == 91
    assert run.elapsed(now).total_seconds() == 100
    assert (await trial.told())[-1] == "Switchback: ✅ “Immediate” is done in 1:40 of 5:00, 2 of 2 steps"
    shown = (await trial.messages("run"))[-1].facts
    assert (shown["elapsed"], shown["budget"], shown["status"]) == ("PT1M40S", "PT5M", "done")

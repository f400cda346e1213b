"""What a failure leads to, as the playbook says: try again, go on, go to another plan; else ask."""

import pytest

from bot.ports.outcome import Outcome
from tests.integration.ledger import as_plan, scripted
from tests.integration.trial import Trial

FAILED = Outcome("failed", "port closed")
THRICE = {"retries": {"times": 2, "pause": "2s", "factor": 3}}


async def test_what_is_idempotent_is_tried_again_after_growing_pauses(trial: Trial) -> None:
    trial.action.outcomes["stop"].extend([FAILED, FAILED])
    await trial.started(as_plan(scripted("stop", idempotent=True) | THRICE, scripted("restore")))
    await trial.work()
    assert (await trial.run()).status == "running"
    assert trial.action.acts == ["stop"]
    trial.clock.advance(1)
    await trial.work()
    assert trial.action.acts == ["stop"]
    trial.clock.advance(1)
    await trial.work()
    assert trial.action.acts == ["stop", "stop"]
    trial.clock.advance(5)
    await trial.work()
    assert trial.action.acts == ["stop", "stop"]
    trial.clock.advance(1)
    await trial.work()
    run = await trial.run()
    assert trial.action.acts == ["stop", "stop", "stop", "restore"]
    assert (run.status, run.state("stop").attempt) == ("done", 3)
    told = await trial.told()
    assert any("Tried again by itself: attempt 2 in 2s" in line for line in told)
    assert any("Tried again by itself: attempt 3 in 6s" in line for line in told)


async def test_after_the_last_try_a_person_is_asked_and_a_retry_of_theirs_begins_anew(trial: Trial) -> None:
    trial.action.outcomes["stop"].extend([FAILED, FAILED])
    step = scripted("stop", idempotent=True) | {"retries": {"times": 1, "pause": "2s"}}
    await trial.started(as_plan(step))
    await trial.work()
    trial.clock.advance(2)
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").attempt) == ("asking", 2)
    trial.action.outcomes["stop"].append(FAILED)
    await trial.services.steering.decide(
        "run-1", step="stop", attempt=2, decision="retry", reason="", actor=run.confirmed_by
    )
    await trial.work()
    assert (await trial.run()).state("stop").retried == 1
    trial.clock.advance(2)
    await trial.work()
    assert (await trial.run()).status == "done"


@pytest.mark.parametrize(
    ("idempotent", "outcome"),
    [(False, FAILED), (True, Outcome("unknown", "no answer"))],
    ids=["not idempotent", "not known"],
)
async def test_what_must_not_be_repeated_blindly_is_asked_about_instead(
    trial: Trial, idempotent: bool, outcome: Outcome
) -> None:
    trial.action.outcomes["stop"].append(outcome)
    await trial.started(as_plan(scripted("stop", idempotent=idempotent) | THRICE))
    await trial.work()
    assert ((await trial.run()).status, trial.action.acts) == ("asking", ["stop"])


async def test_a_tolerated_failure_is_told_and_the_plan_goes_on(trial: Trial) -> None:
    trial.action.outcomes["stop"].append(FAILED)
    await trial.started(as_plan(scripted("stop") | {"on_failure": "continue"}, scripted("restore")))
    await trial.work()
    run = await trial.run()
    assert (run.status, run.state("stop").status) == ("done", "tolerated")
    assert run.progress() == "1 of 2 steps, 1 failed"
    assert any("port closed. The plan goes on without it" in line for line in await trial.told())


async def test_what_is_not_known_is_asked_even_where_a_failure_would_be_tolerated(trial: Trial) -> None:
    trial.action.outcomes["stop"].append(Outcome("unknown", "no answer"))
    await trial.started(as_plan(scripted("stop") | {"on_failure": "continue"}))
    await trial.work()
    assert (await trial.run()).status == "asking"


async def test_a_failure_goes_to_another_plan_in_the_same_incident(trial: Trial) -> None:
    trial.action.outcomes["stop"].append(FAILED)
    other = as_plan(scripted("isolate"))
    await trial.started(
        as_plan(scripted("stop") | {"on_failure": {"plan": "hard"}}, scripted("restore")),
        fallbacks={"hard": other},
    )
    await trial.work()
    first, second = await trial.run(), await trial.run("run-1.2")
    assert trial.action.acts == ["stop", "isolate"]
    assert (first.status, first.replaced_by) == ("replaced", "run-1.2")
    assert (second.status, second.plan_id, second.incident) == ("done", "hard", first.incident)
    kinds = [kind for kind, _ in await trial.audited()]
    assert [kind for kind in kinds if kind.startswith("run.")] == ["run.replaced", "run.started", "run.done"]
    assert any("the playbook goes on with plan “Immediate”" in line for line in await trial.told())

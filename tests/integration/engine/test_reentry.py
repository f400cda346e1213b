"""A run taken up again with an intent and no outcome: the world is asked before anything is done."""

import asyncio

import pytest

from bot.domain.playbook.plans import Plan
from bot.ports.outcome import Evidence, Probe
from tests.integration.ledger import as_plan, scripted
from tests.integration.trial import Trial

# The steps' limit is twice their budget.
LIMIT = 60.0


class _KilledError(BaseException):
    """Ends an act as the death of the process would: nothing after it is recorded."""


def _plan(*, idempotent: bool) -> Plan:
    return as_plan(scripted("stop", idempotent=idempotent), scripted("restore"))


async def _killed_during_the_act(trial: Trial, plan: Plan, *, effect: bool) -> None:
    """A run whose process died in the act of its first step, with or without the effect."""

    async def die(value: str) -> None:
        raise _KilledError

    await trial.started(plan)
    trial.action.during = die
    with pytest.raises(_KilledError):
        await trial.work()
    trial.action.during = None
    if not effect:
        trial.action.ledger.clear()
    state = (await trial.run()).state("stop")
    assert (state.status, state.attempt, state.ended_at) == ("running", 1, None)


async def test_what_is_found_done_is_recorded_and_not_done_again(trial: Trial) -> None:
    await _killed_during_the_act(trial, _plan(idempotent=True), effect=True)
    await trial.work()
    run = await trial.run()
    assert trial.action.acts == ["stop", "restore"]
    assert (run.status, run.state("stop").status, run.state("stop").attempt) == ("done", "done", 1)
    assert run.state("stop").summary == "found done after a restart: looked into the ledger"


async def test_what_is_not_done_and_idempotent_is_done_again_once_the_first_act_must_be_over(
    trial: Trial,
) -> None:
    await _killed_during_the_act(trial, _plan(idempotent=True), effect=False)
    trial.clock.advance(15)
    driving = asyncio.create_task(trial.work())
    await trial.clock.asleep(LIMIT - 15)
    assert trial.action.acts == []
    trial.clock.advance(LIMIT - 15)
    await driving
    run = await trial.run()
    assert trial.action.acts == ["stop", "restore"]
    assert (run.status, run.state("stop").attempt) == ("done", 2)
    assert len({acted.nonce for acted in trial.action.ledger}) == 2
    assert any("doing it again" in line for line in await trial.told())


async def test_an_act_that_was_still_going_on_and_took_effect_meanwhile_is_not_done_again(
    trial: Trial,
) -> None:
    await _killed_during_the_act(trial, _plan(idempotent=True), effect=False)
    trial.action.probes["stop"].extend([Probe("no", "not yet"), Probe("yes", "it is now")])
    driving = asyncio.create_task(trial.work())
    await trial.clock.asleep(LIMIT)
    trial.clock.advance(LIMIT)
    await driving
    assert trial.action.acts == ["restore"]
    assert (await trial.run()).state("stop").summary == "found done after a restart: it is now"


async def test_long_after_the_limit_nothing_is_waited_for(trial: Trial) -> None:
    await _killed_during_the_act(trial, _plan(idempotent=True), effect=False)
    trial.clock.advance(hours=1)
    await trial.work()
    assert trial.action.acts == ["stop", "restore"]


@pytest.mark.parametrize(
    ("idempotent", "answer"),
    [
        (False, Probe("no", "nothing is there")),
        (False, Probe("unknown", "the host is away", (Evidence("ping", "lost"),))),
        (True, Probe("unknown", "the host is away")),
        (True, RuntimeError("broken")),
    ],
    ids=["not done, not idempotent", "not known", "not known, idempotent", "the probe breaks"],
)
async def test_what_cannot_be_known_or_repeated_is_asked(
    trial: Trial, idempotent: bool, answer: Probe | Exception
) -> None:
    await _killed_during_the_act(trial, _plan(idempotent=idempotent), effect=False)
    trial.clock.advance(hours=1)
    trial.action.probes["stop"].append(answer)
    await trial.work()
    run = await trial.run()
    assert trial.action.acts == []
    assert (run.status, run.state("stop").status, run.state("stop").attempt) == ("asking", "unknown", 1)
    known = answer.summary if isinstance(answer, Probe) else "the adapter scripted broke: RuntimeError"
    assert run.state("stop").summary == f"The bot stopped before the outcome was recorded. {known}"


async def test_two_jobs_for_one_run_act_once(trial: Trial) -> None:
    await trial.started(_plan(idempotent=False))
    await trial.interpreter.drive("run-1")
    assert trial.action.acts == ["stop", "restore"]
    audited = [kind for kind, _ in await trial.audited()]
    assert audited.count("step.intent") == 2


async def test_of_three_jobs_at_once_one_acts(trial: Trial) -> None:
    await trial.started(_plan(idempotent=False))
    await asyncio.gather(*(trial.interpreter.drive("run-1") for _ in range(3)))
    assert trial.action.acts == ["stop", "restore"]

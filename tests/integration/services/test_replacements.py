"""Another way on from a run: the emergency plan in its place, and an undo of what was done."""

import asyncio

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.ports.outcome import Outcome, Preview
from tests.integration.ledger import EVE, KIM, SAM, Document, as_plan, manual, scripted
from tests.integration.trial import Trial

FAILED = Outcome("failed", "port closed")
EMERGENCY = {"emergency": as_plan(scripted("isolate"))}


def _undone(name: str) -> Document:
    undo = {"title": f"Take {name} back", "uses": "scripted", "with": {"value": f"undo {name}"}}
    return scripted(name) | {"undo": undo}


async def _asking(trial: Trial, *steps: Document) -> None:
    trial.action.outcomes["stop"].append(FAILED)
    await trial.started(as_plan(*steps), fallbacks=EMERGENCY, emergency="emergency")
    await trial.work()


async def test_the_emergency_plan_is_shown_with_its_exact_steps_and_goes_on_in_place_of_the_run(
    trial: Trial,
) -> None:
    await _asking(trial, scripted("stop"), scripted("restore"))
    way = await trial.services.replacements.emergency("run-1", actor=KIM)
    assert [seen.exact for seen in way.previews] == ["do isolate"]
    await trial.services.replacements.take_emergency(
        "run-1", digest=way.digest(), reason="legacy is away", actor=KIM
    )
    await trial.work()
    first, second = await trial.run(), await trial.run("run-1.2")
    assert trial.action.acts == ["stop", "isolate"]
    assert (first.status, first.ended_by, first.end_reason) == ("replaced", KIM, "legacy is away")
    assert (second.status, second.confirmed_by, second.plan_id) == ("done", KIM, "emergency")
    assert "Kim: goes on with plan “Immediate”, 1 steps. Reason: legacy is away" in await trial.told()


async def test_of_two_who_take_the_emergency_plan_one_starts_it(trial: Trial) -> None:
    await _asking(trial, scripted("stop"))
    way = await trial.services.replacements.emergency("run-1", actor=KIM)
    presses = (
        trial.services.replacements.take_emergency("run-1", digest=way.digest(), reason="x", actor=actor)
        for actor in (SAM, KIM)
    )
    ended = await asyncio.gather(*presses, return_exceptions=True)
    assert [type(one) for one in ended if isinstance(one, BaseException)] == [SupersededError]
    await trial.work()
    assert trial.action.acts == ["stop", "isolate"]


async def test_what_would_do_something_else_than_was_shown_is_refused(trial: Trial) -> None:
    await _asking(trial, scripted("stop"))
    way = await trial.services.replacements.emergency("run-1", actor=KIM)
    trial.action.previews["isolate"] = Preview(effect="Does more", exact="do more")
    with pytest.raises(RefusedError, match="has changed since you were shown it"):
        await trial.services.replacements.take_emergency("run-1", digest=way.digest(), reason="x", actor=KIM)
    assert (await trial.run()).status == "asking"


async def test_an_undo_takes_back_what_was_done_the_last_first(trial: Trial) -> None:
    trial.action.outcomes["c"].append(FAILED)
    await trial.started(as_plan(_undone("a"), scripted("b"), _undone("d"), _undone("c")))
    await trial.work()
    await trial.services.steering.abort("run-1", reason="wrong plan", actor=KIM)
    way = await trial.services.replacements.undo("run-1", actor=KIM)
    assert [seen.exact for seen in way.previews] == ["do undo d", "do undo a"]
    await trial.services.replacements.take_undo("run-1", digest=way.digest(), actor=KIM)
    await trial.work()
    assert trial.action.acts == ["a", "b", "d", "c", "undo d", "undo a"]
    undo = await trial.run("run-1.2")
    assert (undo.status, undo.undoes, undo.plan.title) == ("done", "run-1", "Undo of “Immediate”")
    with pytest.raises(SupersededError, match="being taken back already"):
        await trial.services.replacements.take_undo("run-1", digest=way.digest(), actor=SAM)


async def test_a_run_that_goes_on_or_did_nothing_that_can_be_taken_back_has_no_undo(trial: Trial) -> None:
    await trial.started(as_plan(_undone("a"), manual("look")))
    await trial.work()
    way = await trial.services.replacements.undo("run-1", actor=KIM)
    with pytest.raises(SupersededError, match="not aborted"):
        await trial.services.replacements.take_undo("run-1", digest=way.digest(), actor=KIM)


async def test_without_an_undo_or_an_emergency_plan_it_is_said(trial: Trial) -> None:
    await trial.started(as_plan(scripted("a"), manual("look")))
    await trial.work()
    with pytest.raises(RefusedError, match="None of the steps that were done"):
        await trial.services.replacements.undo("run-1", actor=KIM)
    with pytest.raises(RefusedError, match="no emergency plan"):
        await trial.services.replacements.emergency("run-1", actor=KIM)


async def test_an_outsider_is_not_even_shown_another_way_on(trial: Trial) -> None:
    await _asking(trial, scripted("stop"))
    with pytest.raises(NotAllowedError):
        await trial.services.replacements.emergency("run-1", actor=EVE)

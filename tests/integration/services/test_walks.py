"""The walk: opened, taken up by another, answered, stepped back, overruled, closed."""

import asyncio
from decimal import Decimal

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError, UnknownNameError
from bot.domain.walk import Walk
from tests.integration.ledger import ANA, EVE, KIM, SAM, as_plan, scripted
from tests.integration.trial import Trial


async def _watching(trial: Trial) -> Walk:
    """A walk whose verdict is to keep watching."""
    walk = await trial.services.walks.open("ledger", actor=SAM)
    walk = await trial.services.walks.answer(walk.id, version=1, answer="some", actor=SAM)
    return await trial.services.walks.answer(walk.id, version=2, answer="no", actor=SAM)


async def test_opening_shows_the_first_question_and_begins_the_timeline(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    assert (walk.status, walk.place, walk.version) == ("asking", "severity", 1)
    question = (await trial.messages("walk.question"))[-1]
    assert (question.channel, question.facts["ask"]) == ("#incidents", "How bad is it?")
    assert await trial.told(walk.incident) == ["Sam: opened the rollback of General ledger"]
    assert await trial.audited() == [("walk.started", "U0SAM (Sam)")]


async def test_opening_twice_takes_up_the_same_walk(trial: Trial) -> None:
    first = await trial.services.walks.open("ledger", actor=SAM)
    again = await trial.services.walks.open("ledger", actor=SAM)
    assert again.id == first.id
    assert len(await trial.told(first.incident)) == 1


async def test_another_person_takes_the_walk_up_once_and_can_answer_what_was_shown_before(
    trial: Trial,
) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    for _ in range(2):
        assert (await trial.services.walks.open("ledger", actor=KIM)).id == walk.id
    assert (await trial.told(walk.incident)).count("Kim: takes up the walk") == 1
    answered = await trial.services.walks.answer(walk.id, version=1, answer="some", actor=KIM)
    assert answered.answers[0].by == KIM


async def test_an_answer_keeps_what_was_measured_beside_its_question(trial: Trial) -> None:
    trial.signals.values["variance"] = Decimal("7.2")
    walk = await trial.services.walks.open("ledger", actor=SAM)
    await trial.services.walks.answer(walk.id, version=1, answer="outage", actor=SAM)
    await trial.work()
    shown = (await trial.messages("walk.question"))[-1].facts
    assert "7.2% > 5%" in str(shown["measured"])
    walk = await trial.services.walks.answer(walk.id, version=2, answer="yes", actor=SAM)
    assert [m.value for m in walk.answers[-1].measured] == [Decimal("7.2")]
    verdict = walk.verdict(trial.services.catalog.get("ledger").playbook)
    assert (verdict.plan, verdict.reasons[0]) == ("immediate", "Critical variance: 7.2% > 5%")
    assert "Roll back, plan immediate" in (await trial.told(walk.incident))[-1]


async def test_i_do_not_know_leads_somewhere_safe(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    await trial.services.walks.answer(walk.id, version=1, answer="unknown", actor=SAM)
    walk = await trial.services.walks.answer(walk.id, version=2, answer="unknown", actor=SAM)
    assert (walk.status, walk.place) == ("concluded", "watch")


async def test_a_step_back_opens_the_question_before_and_forgets_the_preview(trial: Trial) -> None:
    walk = await trial.concluded()
    assert walk.preview is not None
    back = await trial.services.walks.step_back(walk.id, version=walk.version, actor=KIM)
    assert (back.status, back.place, back.preview, len(back.answers)) == ("asking", "wrong", None, 1)
    first = await trial.services.walks.step_back(walk.id, version=back.version, actor=KIM)
    assert (first.place, first.answers) == ("severity", ())
    with pytest.raises(RefusedError, match="first question"):
        await trial.services.walks.step_back(walk.id, version=first.version, actor=KIM)
    assert (await trial.told(walk.incident))[-1] == "Kim: took the last answer back"


async def test_overruling_takes_a_reason_and_a_plan_that_exists(trial: Trial) -> None:
    walk = await _watching(trial)
    walks, before = trial.services.walks, await trial.counts()
    with pytest.raises(RefusedError) as missing:
        await walks.overrule(walk.id, version=walk.version, plan="immediate", reason="  ", actor=SAM)
    assert missing.value.field == "reason"
    with pytest.raises(RefusedError, match="no plan “sideways”"):
        await walks.overrule(walk.id, version=walk.version, plan="sideways", reason="x", actor=SAM)
    assert await trial.counts() == before


async def test_an_overruled_verdict_is_previewed_and_can_be_taken_back(trial: Trial) -> None:
    walk = await _watching(trial)
    walk = await trial.services.walks.overrule(
        walk.id, version=walk.version, plan="careful", reason="payroll is tonight", actor=KIM
    )
    await trial.work()
    shown = await trial.services.confirmation.shown(walk.id, actor=SAM)
    assert (shown.plan_id, [step.step for step in shown.steps]) == ("careful", ["look", "stop"])
    told = (await trial.told(walk.incident))[-1]
    assert told.startswith("Kim: overruled the verdict: roll back by plan “careful”")
    assert told.endswith("Reason: payroll is tonight")
    back = await trial.services.walks.step_back(walk.id, version=walk.version, actor=SAM)
    assert (back.status, back.overruling, back.preview) == ("concluded", None, None)


async def test_to_keep_watching_against_the_verdict_closes_walk_and_incident_with_a_reason(
    trial: Trial,
) -> None:
    walk = await trial.concluded()
    with pytest.raises(RefusedError, match="takes a reason"):
        await trial.services.walks.close(walk.id, version=walk.version, actor=SAM)
    closed = await trial.services.walks.overrule(
        walk.id, version=walk.version, plan=None, reason="false alarm", actor=SAM
    )
    assert (closed.status, closed.closed_by) == ("watching", SAM)
    assert not await trial.incident_is_open(walk.incident)
    assert (await trial.services.walks.open("ledger", actor=SAM)).id != walk.id


async def test_a_closed_walk_takes_nothing_more_and_says_who_closed_it(trial: Trial) -> None:
    walk = await _watching(trial)
    closed = await trial.services.walks.close(walk.id, version=walk.version, actor=KIM)
    assert not await trial.incident_is_open(walk.incident)
    for version in (walk.version, closed.version):
        with pytest.raises(SupersededError, match="closed"):
            await trial.services.walks.step_back(walk.id, version=version, actor=SAM)
    with pytest.raises(SupersededError, match="Kim closed this walk already"):
        await trial.services.walks.close(walk.id, version=walk.version, actor=SAM)


async def test_while_a_rollback_is_active_no_walk_can_be_opened(trial: Trial) -> None:
    await trial.started(as_plan(scripted("stop")), by=KIM)
    with pytest.raises(SupersededError, match="running already, confirmed by Kim; see #incidents"):
        await trial.services.walks.open("ledger", actor=SAM)


async def test_what_was_measured_too_late_changes_nothing(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    await trial.services.walks.answer(walk.id, version=1, answer="some", actor=SAM)
    trial.signals.held.clear()
    measuring = asyncio.create_task(trial.services.measuring.measure(walk.id, 2))
    await asyncio.wait_for(trial.signals.asked.wait(), 10)
    await trial.services.walks.answer(walk.id, version=2, answer="yes", actor=KIM)
    before = await trial.counts()
    trial.signals.held.set()
    await measuring
    assert await trial.counts() == before
    assert (await trial.services.walks.get(walk.id)).measured is None


async def test_a_measuring_job_of_a_question_answered_before_does_not_measure(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    await trial.services.walks.answer(walk.id, version=1, answer="some", actor=SAM)
    await trial.services.measuring.measure(walk.id, 1)
    assert not trial.signals.asked.is_set()


async def test_who_may_not_roll_back_is_refused_told_who_can_and_audited(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    for actor in (EVE, ANA):
        with pytest.raises(NotAllowedError, match="You may not roll back ledger") as error:
            await trial.services.walks.answer(walk.id, version=1, answer="some", actor=actor)
        assert error.value.do == "Ask someone who is operator (@ledger-oncall)"
    with pytest.raises(NotAllowedError):
        await trial.services.walks.open("ledger", actor=EVE)
    assert (await trial.services.walks.get(walk.id)).version == 1
    refusals = [who for kind, who in await trial.audited() if kind == "refused"]
    assert refusals == ["U0EVE (Eve)", "U0ANA (Ana)", "U0EVE (Eve)"]


async def test_an_unknown_migration_is_answered_with_the_known_ones(trial: Trial) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean ledger\\?"):
        await trial.services.walks.open("leger", actor=SAM)

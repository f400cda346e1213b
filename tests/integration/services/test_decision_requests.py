"""A cutover is asked for, the tree is walked, and the approvers are asked; or it is NO-GO."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.messages.decisions import (
    DecisionConclusionFacts,
    DecisionQuestionFacts,
    DecisionRequestFacts,
)
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.phase_move import PhaseMove
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.deciding import DAY, LEE, Replica, playbook, replica
from tests.integration.ledger import EVE, KIM, SAM

SAM_AT_THE_HOST = Actor("terminal:sam", "sam (terminal)", account="sam")


async def test_a_request_is_refused_while_a_gate_fails_and_names_each_criterion(deciding: Replica) -> None:
    deciding.gates.parity, deciding.gates.trained = "fail", "unknown"
    with pytest.raises(RefusedError, match="0 of 2 gates pass") as error:
        await deciding.requested()
    assert "Data parity: Data parity holds: ❌ failed: parity is fail" in str(error.value)
    assert "Operator readiness: Operator readiness holds: ❔ unknown: readiness is unknown" in str(
        error.value
    )
    assert await deciding.decisions.status.open("ledger") is None
    assert await deciding.audited("refused") == ["U0SAM (Sam)"]


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-04-03", "No cutover is on Friday 3 April 2026: freeze 2026-04-01 to 2026-04-05: Quarter end"),
        ("2026-03-13", "is over in Europe/Berlin"),
        ("tomorrow", "“tomorrow” is no day"),
    ],
)
async def test_a_request_is_refused_for_a_day_that_cannot_be(deciding: Replica, day: str, says: str) -> None:
    with pytest.raises(RefusedError, match=re.escape(says)) as error:
        await deciding.requested(day=day)
    assert error.value.field == "day"
    assert deciding.gates.causes == []


async def test_without_a_day_the_checklist_has_its_time(deciding: Replica) -> None:
    assert (await deciding.requested(day="")).day == date(2026, 3, 21)


async def test_only_the_role_that_asks_may_ask_and_no_unknown_account(deciding: Replica) -> None:
    with pytest.raises(NotAllowedError, match="You may not ask for a cutover of ledger"):
        await deciding.requested(by=EVE)
    with pytest.raises(NotAllowedError, match="does not say who the account sam is"):
        await deciding.requested(by=SAM_AT_THE_HOST)
    assert await deciding.audited("refused") == ["U0EVE (Eve)", "terminal:sam (sam (terminal))"]


async def test_a_cutover_is_asked_for_in_the_phase_before_it_alone(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    loaded = playbook(tmp_path, phase="shadow")
    early = replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, loaded=loaded)
    with pytest.raises(RefusedError, match="phase “shadow”, which is not left by a cutover"):
        await early.requested()


async def test_one_decision_is_open_in_a_migration(deciding: Replica) -> None:
    await deciding.requested()
    with pytest.raises(SupersededError, match="Sam asked for the cutover of ledger already"):
        await deciding.requested()


async def test_nothing_is_asked_for_while_a_cutover_is_planned(deciding: Replica) -> None:
    deciding.under_way.text = "the cutover is planned for 2026-03-28"
    with pytest.raises(SupersededError, match="the cutover is planned for 2026-03-28"):
        await deciding.requested()
    assert deciding.gates.causes == []


async def test_each_question_shows_what_was_looked_up_beside_it(deciding: Replica) -> None:
    decision = await deciding.requested()
    await deciding.work()
    (shown,) = await deciding.messages("decision.question")
    facts = DecisionQuestionFacts.model_validate(shown)
    assert (facts.number, facts.day) == (1, DAY)
    assert [(line.title, line.good) for line in facts.shown or ()] == [
        ("Gates", True),
        ("Open discrepancies", True),
        ("Newest rehearsal", False),
    ]
    assert f"(evidence {decision.evidence.digest()[:8]})" in (facts.shown or ())[0].text
    await deciding.decisions.walks.answer(decision.id, version=1, answer="yes", actor=SAM)
    await deciding.work()
    facts = DecisionQuestionFacts.model_validate((await deciding.messages("decision.question"))[-1])
    lines = {line.title: line.text for line in facts.shown or ()}
    assert lines["managers"] == "3 may approve (@managers, without who asks), 2 needed"
    assert lines["operator"] == "1 people (@ledger-oncall)"
    assert lines["Saturday 28 March 2026"].startswith("in no freeze; the next is freeze 2026-04-01")


async def test_a_question_is_answered_once_and_one_step_back_is_possible(deciding: Replica) -> None:
    decision = await deciding.requested()
    await deciding.decisions.walks.answer(decision.id, version=1, answer="yes", actor=SAM)
    with pytest.raises(SupersededError, match="Sam answered already"):
        await deciding.decisions.walks.answer(decision.id, version=1, answer="no", actor=SAM)
    back = await deciding.decisions.walks.step_back(decision.id, version=2, actor=SAM)
    assert (back.place, back.answers) == ("evidence", ())
    with pytest.raises(RefusedError, match="first question"):
        await deciding.decisions.walks.step_back(decision.id, version=3, actor=SAM)
    with pytest.raises(NotAllowedError):
        await deciding.decisions.walks.answer(decision.id, version=3, answer="yes", actor=KIM)


async def test_where_the_tree_leads_to_go_the_approvers_are_asked_on_evidence_evaluated_anew(
    deciding: Replica,
) -> None:
    decision = await deciding.walked("yes", "some")
    shown = DecisionConclusionFacts.model_validate((await deciding.messages("decision.conclusion"))[-1])
    assert (shown.verdict, shown.checked, shown.blocked) == ("go-with-conditions", True, ())
    assert await deciding.messages("role.call") == []
    asked = await deciding.decisions.walks.ask_approvers(decision.id, version=decision.version, actor=SAM)
    assert (asked.status, asked.conditions) == ("approving", ("Two on call",))
    (call,) = await deciding.messages("role.call")
    assert call["people"] == ["U0ANA", "U0KIM", "U0LEE"]
    facts = DecisionRequestFacts.model_validate((await deciding.messages("decision.request"))[-1])
    assert (facts.what, facts.count) == ("cutover of ledger", "0 of 2 approvals")
    assert (facts.evidence.passing, facts.evidence.gates) == (2, 2)
    assert (facts.plan, facts.steps, facts.hours) == ("Over", ("Do switch",), "until 17:00 Europe/Berlin")
    assert (facts.until, facts.risks[0].risk) == (date(2026, 4, 27), "Slow")


async def test_the_approvers_are_not_asked_when_a_gate_fails_by_then(deciding: Replica) -> None:
    decision = await deciding.requested()
    walks = deciding.decisions.walks
    decision = await walks.answer(decision.id, version=decision.version, answer="yes", actor=SAM)
    deciding.gates.trained = "expired"
    decision = await walks.answer(decision.id, version=decision.version, answer="yes", actor=SAM)
    with pytest.raises(RefusedError, match="being evaluated"):
        await walks.ask_approvers(decision.id, version=decision.version, actor=SAM)
    await deciding.work()
    with pytest.raises(RefusedError, match="cannot be asked while: Operator readiness"):
        await walks.ask_approvers(decision.id, version=decision.version, actor=SAM)
    deciding.gates.trained = "pass"
    decision = await walks.check_again(decision.id, version=decision.version, actor=SAM)
    await deciding.work()
    asked = await walks.ask_approvers(decision.id, version=decision.version, actor=SAM)
    assert asked.evidence.passes


async def test_a_no_go_takes_a_reason_and_a_new_date_and_extends_the_phase(deciding: Replica) -> None:
    decision = await deciding.walked("no")
    walks = deciding.decisions.walks
    with pytest.raises(RefusedError, match="nothing to approve"):
        await walks.ask_approvers(decision.id, version=decision.version, actor=SAM)
    for reason, day, says in (
        ("", date(2026, 4, 11), "takes a reason"),
        ("Payroll", date(2026, 4, 2), "Quarter end"),
        ("Payroll", date(2026, 3, 14), "not one to come"),
    ):
        with pytest.raises(RefusedError, match=says):
            await walks.record_no_go(
                decision.id, version=decision.version, reason=reason, new_day=day, actor=SAM
            )
    ended = await walks.record_no_go(
        decision.id, version=decision.version, reason="Payroll", new_day=date(2026, 4, 11), actor=SAM
    )
    assert (ended.status, ended.new_day, ended.reason) == ("no-go", date(2026, 4, 11), "Payroll")
    async with deciding.store.reading() as tx:
        move = await tx.phases.latest("ledger")
    assert move is not None
    assert move.extended_to == datetime(2026, 4, 11, 21, 59, tzinfo=UTC)
    (told,) = await deciding.messages("plain")
    assert told["text"] == (
        "NO-GO: cutover of ledger, by Sam: Payroll. "
        "New date: Saturday 11 April 2026, phase parallel is extended to it"
    )
    assert (await deciding.requested()).status == "asking"


async def test_a_no_go_never_makes_a_phase_shorter(deciding: Replica) -> None:
    began = PhaseMove(
        migration="ledger", number=1, phase="parallel", since=deciding.clock.now(), by=SWITCHBACK
    )
    async with deciding.store.transaction() as tx:
        assert await tx.phases.add(began)
    decision = await deciding.walked("no")
    # Four weeks from now it would have ended anyway.
    await deciding.decisions.walks.record_no_go(
        decision.id, version=decision.version, reason="Soon", new_day=date(2026, 3, 20), actor=SAM
    )
    async with deciding.store.reading() as tx:
        move = await tx.phases.latest("ledger")
    assert move == began
    (told,) = await deciding.messages("plain")
    assert told["text"] == "NO-GO: cutover of ledger, by Sam: Soon. New date: Friday 20 March 2026"


async def test_without_a_tree_the_approvers_are_asked_at_once(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    loaded = playbook(tmp_path, tree=False)
    short = replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, loaded=loaded)
    assert (await short.requested()).status == "approving"
    assert len(await short.messages("role.call")) == 1


async def test_a_request_may_be_withdrawn_by_the_role_that_asks_and_no_other(deciding: Replica) -> None:
    decision = await deciding.asked()
    with pytest.raises(NotAllowedError):
        await deciding.decisions.endings.withdraw(decision.id, actor=LEE)
    deciding.roles.groups["ledger-oncall"].add(EVE.id)
    await deciding.decisions.endings.withdraw(decision.id, actor=EVE)
    with pytest.raises(SupersededError, match="Eve withdrew this already"):
        await deciding.decisions.endings.withdraw(decision.id, actor=SAM)


async def test_where_it_stands_names_what_is_missing(deciding: Replica) -> None:
    deciding.gates.parity = "expired"
    found = await deciding.decisions.status.of("ledger")
    assert found.missing == ("Data parity: Data parity holds: ❌ expired: parity is expired",)
    deciding.gates.parity = "pass"
    assert (await deciding.decisions.status.of("ledger")).missing == ()
    await deciding.requested()
    found = await deciding.decisions.status.of("ledger")
    assert found.open is not None

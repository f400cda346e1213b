"""Who approves a cutover, on what evidence, and how often it counts."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SourceError, SupersededError
from bot.domain.messages.decisions import DecisionRequestFacts
from bot.domain.person import Actor
from bot.services.decision_approvals import GivenApproval
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.deciding import LEE, Numbered, Replica, playbook, replica
from tests.integration.ledger import ANA, EVE, KIM, SAM


async def test_two_people_in_the_role_make_it_go_and_what_follows_is_told_once(deciding: Replica) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    await deciding.work()
    assert (await deciding.get(asked)).status == "approving"
    await deciding.approve(asked, by=ANA)
    await deciding.work()
    after = await deciding.get(asked)
    assert (after.status, after.ended_by) == ("go", ANA)
    (told,) = deciding.after.decided_on
    assert (told.id, told.went, [one.by for one in told.standing]) == (asked.id, True, [KIM, ANA])
    assert await deciding.audited("decision.go") == ["U0ANA (Ana)"]
    facts = DecisionRequestFacts.model_validate((await deciding.messages("decision.request"))[-1])
    assert (facts.status, facts.count) == ("go", "2 of 2 approvals")
    assert "GO: cutover of ledger on Saturday 28 March 2026, approved by Kim, Ana" in str(
        (await deciding.messages("plain"))[-1]["text"]
    )


async def test_go_with_conditions_keeps_them(deciding: Replica) -> None:
    asked = await deciding.asked("yes", "some")
    for by in (KIM, ANA):
        await deciding.approve(asked, by=by)
    await deciding.work()
    assert (await deciding.get(asked)).status == "go-with-conditions"
    assert deciding.after.decided_on[0].conditions == ("Two on call",)


async def test_one_person_approves_once_under_any_name(deciding: Replica) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    for kim in (KIM, Actor(KIM.id, "Kimberly")):
        with pytest.raises(SupersededError, match="You approved this already, and count once: 1 of 2"):
            await deciding.approve(asked, by=kim)
    await deciding.work()
    assert deciding.after.decided_on == []


async def test_one_person_in_two_roles_counts_once(deciding: Replica) -> None:
    # Ana is data and manager; her role as data approves nothing.
    asked = await deciding.asked()
    await deciding.approve(asked, by=ANA)
    with pytest.raises(SupersededError, match="count once"):
        await deciding.approve(asked, by=ANA)
    deciding.roles.groups["managers"].remove(ANA.id)
    await deciding.approve(asked, by=KIM)
    await deciding.work()
    assert (await deciding.get(asked)).count() == "1 of 2 approvals"
    with pytest.raises(NotAllowedError):
        await deciding.approve(asked, by=ANA)
    assert deciding.after.decided_on == []


async def test_who_asks_does_not_approve_and_neither_does_who_answered(deciding: Replica) -> None:
    deciding.roles.groups["ledger-oncall"].add(LEE.id)
    decision = await deciding.requested()
    walks = deciding.decisions.walks
    await walks.answer(decision.id, version=1, answer="yes", actor=LEE)
    await walks.answer(decision.id, version=2, answer="yes", actor=SAM)
    await deciding.work()
    asked = await walks.ask_approvers(decision.id, version=3, actor=SAM)
    with pytest.raises(NotAllowedError, match="You asked for the cutover of ledger"):
        await deciding.approve(asked, by=SAM)
    with pytest.raises(NotAllowedError, match="You answered questions of the cutover of ledger"):
        await deciding.approve(asked, by=LEE)
    with pytest.raises(NotAllowedError, match="who asks does not decide"):
        await deciding.decisions.approvals.to_approve(asked.id, actor=SAM)
    (call,) = await deciding.messages("role.call")
    assert call["people"] == ["U0ANA", "U0KIM"]
    assert (await deciding.get(asked)).approvals == ()


async def test_who_has_not_the_role_and_an_account_of_the_host_approve_nothing(deciding: Replica) -> None:
    asked = await deciding.asked()
    with pytest.raises(NotAllowedError, match="You may not decide on the cutover of ledger"):
        await deciding.approve(asked, by=EVE)
    with pytest.raises(NotAllowedError, match="not given at the terminal"):
        await deciding.approve(asked, by=Actor(KIM.id, "kim (terminal)", account="kim"))
    assert (await deciding.get(asked)).approvals == ()


async def test_the_role_is_read_anew_and_a_copy_of_it_does_not_count(deciding: Replica) -> None:
    asked = await deciding.asked()
    deciding.roles.asked.clear()
    deciding.roles.copied_at = deciding.clock.now()
    with pytest.raises(SourceError, match="Slack does not answer"):
        await deciding.approve(asked, by=KIM)
    assert deciding.roles.asked == [("managers", True)]
    assert (await deciding.get(asked)).approvals == ()


async def test_nobody_is_counted_while_the_role_cannot_be_read(deciding: Replica) -> None:
    asked = await deciding.asked()
    for by in (KIM, ANA):
        await deciding.approve(asked, by=by)
    deciding.roles.away = True
    await deciding.work()
    assert (await deciding.get(asked)).status == "approving"
    deciding.roles.away = False
    deciding.clock.advance(minutes=15)
    await deciding.work()
    assert (await deciding.get(asked)).status == "go"


async def test_who_is_removed_between_press_and_count_does_not_count_and_is_told(deciding: Replica) -> None:
    asked = await deciding.asked()
    for by in (KIM, ANA):
        await deciding.approve(asked, by=by)
    deciding.roles.groups["managers"].remove(KIM.id)
    await deciding.work()
    after = await deciding.get(asked)
    assert (after.status, after.count()) == ("approving", "1 of 2 approvals")
    assert ("What Kim said does not count any more: not managers any more", KIM.id) in await deciding.told()
    assert await deciding.audited("decision.approval_void") == ["U0KIM (Kim)"]
    # Back in the role, the person may approve anew.
    deciding.roles.groups["managers"].add(KIM.id)
    await deciding.approve(after, by=KIM)
    await deciding.work()
    assert (await deciding.get(asked)).status == "go"


async def test_an_approval_after_expiry_is_refused_and_the_request_ends(deciding: Replica) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    await deciding.work()
    deciding.clock.advance(hours=24 * 7)
    with pytest.raises(RefusedError, match="time for this request is over"):
        await deciding.approve(asked, by=ANA)
    await deciding.work()
    after = await deciding.get(asked)
    assert after.status == "expired"
    with pytest.raises(SupersededError, match="not decided in time"):
        await deciding.approve(asked, by=ANA)
    assert deciding.after.decided_on == []


async def test_what_is_counted_after_expiry_does_not_decide(deciding: Replica) -> None:
    asked = await deciding.asked()
    for by in (KIM, ANA):
        await deciding.approve(asked, by=by)
    deciding.clock.advance(hours=24 * 7)
    await deciding.decisions.weighing.weigh(asked.id, 0)
    assert (await deciding.get(asked)).status == "approving"
    await deciding.work()
    assert (await deciding.get(asked)).status == "expired"


async def test_evidence_that_became_worse_voids_what_was_approved_and_its_givers_are_told(
    deciding: Replica,
) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    await deciding.work()
    deciding.gates.parity = "fail"
    deciding.clock.advance(minutes=15)
    await deciding.work()
    after = await deciding.get(asked)
    assert (after.status, after.standing, after.round) == ("approving", (), 2)
    why = "the evidence is worse: Data parity: Data parity holds: parity is fail"
    assert after.approvals[0].void_why == why
    assert (f"What Kim said does not count any more: {why}", KIM.id) in await deciding.told()
    facts = DecisionRequestFacts.model_validate((await deciding.messages("decision.request"))[-1])
    assert facts.blocked == ("Data parity: Data parity holds: ❌ failed: parity is fail",)
    assert facts.evidence.digest == after.evidence.digest()
    with pytest.raises(RefusedError, match="cannot be approved while: Data parity"):
        await deciding.approve(after, by=ANA)
    # It passes again: what was approved stays void, and who approved may do it anew.
    deciding.gates.parity = "pass"
    deciding.clock.advance(minutes=15)
    await deciding.work()
    good = await deciding.get(asked)
    assert (good.blocked, good.standing) == ((), ())
    with pytest.raises(RefusedError, match="not what you were shown"):
        await deciding.approve(asked, by=KIM)
    for by in (KIM, ANA):
        await deciding.approve(good, by=by)
    await deciding.work()
    assert (await deciding.get(asked)).status == "go"


async def test_the_evidence_is_evaluated_before_the_last_approval_counts(deciding: Replica) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    await deciding.work()
    await deciding.approve(asked, by=ANA)
    deciding.gates.trained = "expired"
    await deciding.work()
    after = await deciding.get(asked)
    assert (after.status, after.count()) == ("approving", "0 of 2 approvals")
    assert deciding.after.decided_on == []
    mentioned = {mention for text, mention in await deciding.told() if "does not count any more" in text}
    assert mentioned == {KIM.id, ANA.id}


async def test_evidence_that_is_newer_or_better_keeps_what_was_approved(deciding: Replica) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    deciding.gates.reconciliation = "reconciliation-2"
    deciding.clock.advance(minutes=15)
    await deciding.work()
    after = await deciding.get(asked)
    assert (after.count(), after.evidence.digest()) == ("1 of 2 approvals", asked.evidence.digest())
    await deciding.approve(asked, by=ANA)
    await deciding.work()
    assert (await deciding.get(asked)).status == "go"


async def test_a_changed_playbook_voids_what_was_approved(
    deciding: Replica, store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    loaded = playbook(tmp_path, digest="2" * 64, quorum=3)
    changed = replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, loaded=loaded)
    with pytest.raises(RefusedError, match="playbook has changed"):
        await changed.approve(asked, by=ANA)
    await changed.work()
    after = await changed.get(asked)
    assert (after.needed, after.standing, after.playbook_digest) == (3, (), "2" * 64)
    assert "the playbook has changed" in after.approvals[0].void_why


async def test_a_press_of_other_evidence_or_a_copied_one_does_not_count(deciding: Replica) -> None:
    asked = await deciding.asked()
    right = GivenApproval(asked.id, asked.round, asked.evidence.digest(), "ledger")
    for wrong in (replace(right, digest="0" * 64), replace(right, round=2)):
        with pytest.raises(RefusedError, match="look again"):
            await deciding.decisions.approvals.approve(wrong, actor=KIM)
    # Evidence that went and came back is the same by its digest, and brings no press back.
    deciding.gates.parity = "fail"
    deciding.clock.advance(minutes=15)
    await deciding.work()
    deciding.gates.parity = "pass"
    deciding.clock.advance(minutes=15)
    await deciding.work()
    assert (await deciding.get(asked)).evidence.digest() == asked.evidence.digest()
    with pytest.raises(RefusedError, match="look again"):
        await deciding.decisions.approvals.approve(right, actor=KIM)


@pytest.mark.parametrize("typed", ["", "Ledger", "yes"])
async def test_an_approval_wants_the_migrations_name(deciding: Replica, typed: str) -> None:
    asked = await deciding.asked()
    with pytest.raises(RefusedError, match="Type ledger, exactly so") as error:
        await deciding.approve(asked, by=KIM, typed=typed)
    assert error.value.field == "name"


async def test_where_the_playbook_asks_for_codes_each_is_used_once_and_a_wrong_one_counts_nothing(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    loaded = playbook(tmp_path, second_factor=True)
    strict = replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, loaded=loaded)
    asked = await strict.asked()
    with pytest.raises(RefusedError, match="wrong or used") as error:
        await strict.approve(asked, by=KIM, code="000000")
    assert error.value.field == "code"
    # A wrong name uses no code up.
    with pytest.raises(RefusedError, match="exactly so"):
        await strict.approve(asked, by=KIM, typed="no", code="123456")
    await strict.approve(asked, by=KIM, code="123456")
    assert strict.codes.used == {KIM.id}


async def test_one_rejection_stops_it_with_its_reason_and_extends_the_phase(deciding: Replica) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    with pytest.raises(RefusedError, match="takes a reason"):
        await deciding.decisions.approvals.reject(asked.id, reason=" ", actor=ANA)
    with pytest.raises(NotAllowedError):
        await deciding.decisions.approvals.reject(asked.id, reason="no", actor=EVE)
    ended = await deciding.decisions.approvals.reject(
        asked.id, reason="Half the team is away", new_day=date(2026, 4, 11), actor=ANA
    )
    assert (ended.status, ended.ended_by) == ("no-go", ANA)
    async with deciding.store.reading() as tx:
        move = await tx.phases.latest("ledger")
    assert move is not None
    assert move.extended_to is not None
    with pytest.raises(SupersededError, match="NO-GO, by Ana"):
        await deciding.approve(asked, by=LEE)
    await deciding.work()
    assert deciding.after.decided_on == []


async def test_a_date_that_cannot_be_leaves_nothing_of_a_rejection(deciding: Replica) -> None:
    asked = await deciding.asked()
    with pytest.raises(RefusedError, match="Quarter end"):
        await deciding.decisions.approvals.reject(asked.id, reason="no", new_day=date(2026, 4, 2), actor=ANA)
    after = await deciding.get(asked)
    assert (after.status, after.approvals) == ("approving", ())


async def test_where_a_rejection_is_only_counted_the_quorum_of_approvals_decides(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    loaded = playbook(tmp_path, one_rejection_stops=False)
    lenient = replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, loaded=loaded)
    asked = await lenient.asked()
    await lenient.approve(asked, by=KIM)
    await lenient.decisions.approvals.reject(asked.id, reason="Too early", actor=KIM)
    with pytest.raises(SupersededError, match="You rejected this already"):
        await lenient.approve(asked, by=KIM)
    await lenient.approve(asked, by=ANA)
    await lenient.work()
    assert (await lenient.get(asked)).count() == "1 of 2 approvals"
    await lenient.approve(asked, by=LEE)
    await lenient.work()
    after = await lenient.get(asked)
    assert after.status == "go"
    assert [(one.by, one.choice) for one in after.standing] == [
        (KIM, "reject"),
        (ANA, "approve"),
        (LEE, "approve"),
    ]


async def test_a_question_mentions_who_asked_and_changes_nothing_else(deciding: Replica) -> None:
    asked = await deciding.asked()
    await deciding.decisions.approvals.question(asked.id, text="Who is on call?", actor=KIM)
    assert ("asks: Who is on call?", SAM.id) in await deciding.told()
    assert (await deciding.get(asked)).version == asked.version
    with pytest.raises(NotAllowedError):
        await deciding.decisions.approvals.question(asked.id, text="Why?", actor=EVE)


async def test_nothing_is_left_of_a_go_whose_consequences_could_not_be_written(deciding: Replica) -> None:
    asked = await deciding.asked()
    for by in (KIM, ANA):
        await deciding.approve(asked, by=by)
    deciding.after.refuses = RuntimeError("no plan")
    with pytest.raises(RuntimeError, match="no plan"):
        await deciding.work()
    assert (await deciding.get(asked)).status == "approving"
    deciding.after.refuses = None
    await deciding.work()
    assert (await deciding.get(asked)).status == "go"
    assert len(deciding.after.decided_on) == 1


async def test_what_was_approved_and_cannot_follow_is_closed_with_the_reason(deciding: Replica) -> None:
    asked = await deciding.asked()
    for by in (KIM, ANA):
        await deciding.approve(asked, by=by)
    deciding.after.refuses = SupersededError("Another cutover of ledger is under way")
    await deciding.work()
    after = await deciding.get(asked)
    assert (after.status, after.reason) == ("outdated", "Another cutover of ledger is under way")
    assert await deciding.audited("decision.go") == []
    assert "Another cutover of ledger is under way" in str((await deciding.messages("plain"))[-1]["text"])


async def test_approvals_outlive_a_restart(
    deciding: Replica, store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    asked = await deciding.asked()
    await deciding.approve(asked, by=KIM)
    again = replica(store=store, clock=clock, jobs=jobs, folder=tmp_path, ids=Numbered("again"))
    await again.approve(asked, by=ANA)
    await again.work()
    assert (await again.get(asked)).status == "go"
    assert {one.by for one in again.after.decided_on[0].standing} == {KIM, ANA}

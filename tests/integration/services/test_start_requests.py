"""Where the playbook asks for approvals: asked for, approved by other people, withdrawn, run out."""

from dataclasses import replace

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SourceError, SupersededError
from bot.domain.messages.timeline import TimelineFacts
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.services.start_requests import GivenApproval
from tests.integration.ledger import ANA, EVE, KIM, SAM
from tests.integration.trial import Trial

SAM_AT_THE_HOST = Actor("terminal:sam", "sam (terminal)", account="sam")


async def _shown(trial: Trial, request: StartRequest) -> str:
    """The kind of picture that the incident's message has now."""
    async with trial.store.reading() as tx:
        walk = await tx.walks.get(request.walk)
        incident = await tx.incidents.get(walk.incident)
    kinds = [
        row.kind
        for kind in ("walk.verdict", "walk.requested", "run")
        for row in await trial.messages(kind)
        if row.subject == incident.subject and row.way == "show"
    ]
    assert len(kinds) == 1
    return kinds[0]


async def _called(trial: Trial) -> list[object]:
    return [row.facts["people"] for row in await trial.messages("role.call")]


async def test_a_confirmation_asks_for_approval_and_starts_nothing(two: Trial) -> None:
    walk = await two.concluded()
    request = await two.services.confirmation.submit(await two.confirmation(walk), actor=SAM)
    assert isinstance(request, StartRequest)
    assert (request.preview, request.asked_by, request.count()) == (walk.preview, SAM, "0 of 1 approvals")
    assert (await two.counts())["runs"] == 0
    assert await _shown(two, request) == "walk.requested"
    assert await _called(two) == [["U0KIM"]]
    assert "Sam: asked for the rollback: plan “Immediate”, 2 steps. 0 of 1 approvals" in await two.told(
        walk.incident
    )
    await two.work()
    assert two.action.acts == []


async def test_without_a_quorum_a_confirmation_starts_the_run_at_once(trial: Trial) -> None:
    walk = await trial.concluded()
    run = await trial.services.confirmation.submit(await trial.confirmation(walk), actor=SAM)
    assert isinstance(run, Run)
    assert (run.approved_by, run.broke_glass) == ((), "")


async def test_where_approvals_are_wanted_a_rollback_cannot_be_started_without_them(two: Trial) -> None:
    walk = await two.concluded()
    with pytest.raises(RefusedError, match="takes approvals"):
        await two.services.confirmation.confirm(await two.confirmation(walk), actor=SAM)
    assert (await two.counts())["runs"] == 0


async def test_an_approval_by_another_person_starts_the_run_and_its_clock(two: Trial) -> None:
    request = await two.asked()
    two.clock.advance(minutes=4)
    run = await two.approve(request, by=KIM)
    assert isinstance(run, Run)
    assert (run.confirmed_by, run.approved_by, run.broke_glass) == (SAM, (KIM,), "")
    assert run.confirmed_at == two.clock.now()
    assert await _shown(two, request) == "run"
    assert ("start.approved", "U0KIM (Kim)") in await two.audited()
    await two.work()
    assert two.action.acts == ["stop", "restore"]
    after = await two.run(run.id)
    assert (after.status, after.approved_by) == ("done", (KIM,))


async def test_who_asked_does_not_approve_under_any_name(two: Trial) -> None:
    request = await two.asked()
    for sam in (SAM, Actor(SAM.id, "Samuel")):
        with pytest.raises(NotAllowedError, match="You asked for this rollback") as error:
            await two.approve(request, by=sam)
        assert "Somebody else who is operator (@ledger-oncall) has to approve it" in str(error.value)
    with pytest.raises(NotAllowedError, match="You asked for this"):
        await two.services.start_requests.to_approve(request.id, actor=SAM)
    assert (await two.audited())[-1] == ("refused", "U0SAM (Sam)")
    assert (await two.counts())["runs"] == 0


async def test_who_has_not_the_role_does_not_approve_and_is_audited(two: Trial) -> None:
    request = await two.asked()
    with pytest.raises(NotAllowedError, match="You may not approve the rollback of ledger"):
        await two.approve(request, by=EVE)
    assert (await two.audited())[-1] == ("refused", "U0EVE (Eve)")
    assert (await two.counts())["approvals"] == 0


async def test_an_account_that_is_nobody_in_slack_neither_approves_nor_asks(two: Trial) -> None:
    request = await two.asked(by=KIM)
    with pytest.raises(NotAllowedError, match="not given at the terminal"):
        await two.approve(request, by=SAM_AT_THE_HOST)
    await two.services.start_requests.withdraw(request.id, actor=KIM)
    walk = await two.services.walks.get(request.walk)
    with pytest.raises(NotAllowedError, match="does not say who the account sam is in Slack"):
        await two.services.confirmation.submit(await two.confirmation(walk), actor=SAM_AT_THE_HOST)
    assert (await two.counts())["runs"] == 0


async def test_two_approvals_take_two_people(three: Trial) -> None:
    request = await three.asked()
    after = await three.approve(request, by=KIM)
    assert isinstance(after, StartRequest)
    assert (after.count(), after.approved_by) == ("1 of 2 approvals", (KIM,))
    with pytest.raises(SupersededError, match="count once: 1 of 2"):
        await three.approve(request, by=KIM)
    with pytest.raises(SupersededError, match="count once: 1 of 2"):
        await three.approve(request, by=Actor(KIM.id, "Kimberly"))
    assert (await three.counts())["runs"] == 0
    run = await three.approve(request, by=ANA)
    assert isinstance(run, Run)
    assert [actor.id for actor in run.approved_by] == [KIM.id, ANA.id]


async def test_who_lost_the_role_since_the_press_does_not_count_and_is_told(three: Trial) -> None:
    request = await three.asked()
    await three.approve(request, by=KIM)
    three.roles.groups["ledger-oncall"].remove(KIM.id)
    after = await three.approve(request, by=ANA)
    assert isinstance(after, StartRequest)
    assert (after.approved_by, after.dropped) == ((ANA,), (KIM,))
    assert (await three.counts())["runs"] == 0
    assert ("start.approval_dropped", "U0KIM (Kim)") in await three.audited()
    timeline = [TimelineFacts.model_validate(row.facts) for row in await three.messages("timeline")]
    mentions = [entry.mention for facts in timeline for entry in facts.entries]
    assert mentions.count(KIM.id) == 1
    # Back in the role, the person may approve anew.
    three.roles.groups["ledger-oncall"].add(KIM.id)
    run = await three.approve(request, by=KIM)
    assert isinstance(run, Run)
    assert set(run.approved_by) == {KIM, ANA}


async def test_membership_is_read_anew_for_each_approval(two: Trial) -> None:
    request = await two.asked()
    await two.services.start_requests.to_approve(request.id, actor=KIM)
    two.roles.groups["ledger-oncall"].remove(KIM.id)
    two.roles.asked.clear()
    with pytest.raises(NotAllowedError):
        await two.approve(request, by=KIM)
    assert two.roles.asked == [("ledger-oncall", True)]


async def test_an_approval_does_not_count_by_a_copy_of_the_role(two: Trial) -> None:
    request = await two.asked()
    two.roles.copied_at = two.clock.now()
    with pytest.raises(SourceError, match="Slack does not answer"):
        await two.approve(request, by=KIM)
    assert (await two.counts())["approvals"] == 0


async def test_when_who_asked_has_lost_the_role_nobody_approves(two: Trial) -> None:
    request = await two.asked()
    two.roles.groups["ledger-oncall"].remove(SAM.id)
    with pytest.raises(RefusedError, match="Sam, who asked for this, is not operator any more"):
        await two.approve(request, by=KIM)
    assert (await two.counts())["runs"] == 0


@pytest.mark.parametrize("typed", ["", "Ledger", "yes"])
async def test_an_approval_wants_the_migrations_name(two: Trial, typed: str) -> None:
    request = await two.asked()
    with pytest.raises(RefusedError, match="Type ledger, exactly so") as error:
        await two.approve(request, by=KIM, typed=typed)
    assert error.value.field == "name"
    assert (await two.counts())["approvals"] == 0


async def test_an_approval_of_something_else_than_was_asked_for_does_not_count(two: Trial) -> None:
    request = await two.asked()
    right = GivenApproval(request.id, request.preview, request.digest, "ledger")
    for wrong in (replace(right, preview_id="other"), replace(right, digest="0" * 64)):
        with pytest.raises(RefusedError, match="is not what you were shown"):
            await two.services.start_requests.approve(wrong, actor=KIM)
    assert (await two.counts())["runs"] == 0


async def test_while_approvals_are_waited_for_nothing_else_is_decided(two: Trial) -> None:
    walk = await two.concluded()
    confirmation = await two.confirmation(walk)
    await two.services.confirmation.ask(confirmation, actor=SAM)
    with pytest.raises(SupersededError, match="Sam asked for this rollback already"):
        await two.services.confirmation.ask(confirmation, actor=KIM)
    with pytest.raises(SupersededError, match="nothing to confirm any more"):
        await two.services.confirmation.shown(walk.id, actor=KIM)
    with pytest.raises(SupersededError, match="has been asked for already"):
        await two.services.walks.step_back(walk.id, version=walk.version, actor=KIM)
    now = await two.services.walks.get(walk.id)
    with pytest.raises(SupersededError, match="waits for approvals"):
        await two.services.walks.step_back(walk.id, version=now.version, actor=KIM)
    with pytest.raises(SupersededError, match="waits for approvals"):
        await two.services.walks.overrule(walk.id, version=now.version, plan=None, reason="no", actor=KIM)
    assert (await two.services.walks.open("ledger", actor=KIM)).id == walk.id
    assert len(await two.messages("walk.requested")) == 1


async def test_nothing_is_left_of_an_approval_that_could_not_be_written_whole(two: Trial) -> None:
    request = await two.asked()
    before = await two.counts()
    two.jobs.refuses = RuntimeError("no queue")
    with pytest.raises(RuntimeError, match="no queue"):
        await two.approve(request, by=KIM)
    assert await two.counts() == before
    two.jobs.refuses = None
    assert isinstance(await two.approve(request, by=KIM), Run)

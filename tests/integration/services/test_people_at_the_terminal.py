"""An account of the host that a playbook maps to a person: it is that person, approvals aside."""

import dataclasses
from datetime import timedelta

import pytest

from bot.domain.errors import NotAllowedError, SourceError
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from tests.integration.ledger import EVE, KIM, SAM
from tests.integration.trial import Trial

SAM_AT_THE_HOST = Actor("U0SAM", "sam (terminal)", account="sam")
EVE_AT_THE_HOST = dataclasses.replace(EVE, name="eve (terminal)", account="eve")
NOBODY_KNOWN = Actor("terminal:root", "root (terminal)", account="root")


async def ask(trial: Trial, actor: Actor) -> StartRequest:
    """The request of somebody who has confirmed at the terminal."""
    confirmation = await trial.confirmation(await trial.concluded())
    asked = await trial.services.confirmation.submit(confirmation, actor=actor)
    assert isinstance(asked, StartRequest)
    return asked


async def test_who_asked_at_the_terminal_is_not_called_and_does_not_approve_it_in_slack(two: Trial) -> None:
    request = await ask(two, SAM_AT_THE_HOST)
    (called,) = await two.messages("role.call")
    assert called.facts["people"] == [KIM.id]
    with pytest.raises(NotAllowedError, match="You asked for this rollback"):
        await two.approve(request, by=SAM)
    run = await two.approve(request, by=KIM)
    assert isinstance(run, Run)
    assert (run.confirmed_by, run.approved_by) == (SAM_AT_THE_HOST, (KIM,))
    assert ("start.requested", "U0SAM (sam (terminal))") in await two.audited()


async def test_approvals_are_not_given_at_the_terminal_by_a_person_who_is_known_either(two: Trial) -> None:
    request = await two.asked(by=KIM)
    with pytest.raises(NotAllowedError, match="not given at the terminal"):
        await two.approve(request, by=SAM_AT_THE_HOST)
    assert (await two.counts())["approvals"] == 0


async def test_an_account_that_could_be_anybody_is_told_how_to_be_known(two: Trial) -> None:
    confirmation = await two.confirmation(await two.concluded())
    with pytest.raises(NotAllowedError) as error:
        await two.services.confirmation.submit(confirmation, actor=NOBODY_KNOWN)
    assert error.value.what == (
        "Others have to approve a rollback in phase “parallel”, and the playbook does not say who the "
        "account root is in Slack"
    )
    assert error.value.do == "Ask for it in Slack, or add to the playbook: people: {root: U…}"
    assert (await two.audited())[-1] == ("refused", "terminal:root (root (terminal))")
    assert (await two.counts())["start_requests"] == 0


async def test_with_slack_away_one_goes_on_alone_at_the_terminal_by_a_copy_that_is_told_of(
    two: Trial,
) -> None:
    two.roles.copied_at = two.clock.now() - timedelta(hours=3)
    request = await ask(two, SAM_AT_THE_HOST)
    with pytest.raises(SourceError, match="cannot be read now"):
        await two.approve(request, by=KIM)
    run = await two.services.break_glass.go_on_alone(
        request.id, reason="Slack is away", actor=SAM_AT_THE_HOST
    )
    assert (run.confirmed_by.id, run.broke_glass) == (SAM.id, "Slack is away")
    copied = "(operator as of 2026-03-14 00:12 UTC: Slack does not answer)"
    assert (
        "sam (terminal): went on alone (0 of 1 approvals; reason: Slack is away) "
        f"{copied}: plan “Immediate”, 2 steps"
    ) in await two.told(run.incident)
    assert any(line.endswith(f"0 of 1 approvals {copied}") for line in await two.told(run.incident))
    called = (await two.messages("role.call"))[-1]
    assert called.facts["people"] == [KIM.id]
    (review,) = await two.messages("review")
    with pytest.raises(NotAllowedError, match="You went on alone"):
        await two.services.reviews.close(review.subject.removeprefix("review:"), note="Fine", actor=SAM)
    await two.work()
    assert two.action.acts == ["stop", "restore"]


async def test_without_even_a_copy_nobody_goes_on_alone(two: Trial) -> None:
    request = await ask(two, SAM_AT_THE_HOST)
    two.roles.away = True
    with pytest.raises(SourceError, match="cannot be known"):
        await two.services.break_glass.go_on_alone(request.id, reason="Dark", actor=SAM_AT_THE_HOST)
    assert (await two.counts())["runs"] == 0


async def test_a_known_person_has_at_the_terminal_the_roles_that_they_have_in_slack(trial: Trial) -> None:
    with pytest.raises(NotAllowedError, match="You may not roll back ledger"):
        await trial.services.walks.open("ledger", actor=EVE_AT_THE_HOST)
    walk = await trial.services.walks.open("ledger", actor=SAM_AT_THE_HOST)
    with pytest.raises(NotAllowedError):
        await trial.services.walks.answer(walk.id, version=1, answer="outage", actor=EVE_AT_THE_HOST)
    assert walk.started_by == SAM_AT_THE_HOST
    assert (await trial.services.walks.open("ledger", actor=NOBODY_KNOWN)).id == walk.id


async def test_when_nobody_can_say_who_is_in_the_role_the_hosts_word_is_enough_where_no_approvals_are_wanted(
    trial: Trial,
) -> None:
    trial.roles.away = True
    walk = await trial.services.walks.open("ledger", actor=SAM_AT_THE_HOST)
    with pytest.raises(SourceError):
        await trial.services.walks.open("ledger", actor=SAM)
    assert walk.started_by.id == SAM.id

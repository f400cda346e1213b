"""Buttons and modals of a decision: the tree's answers, the approvers' decisions, questions and evidence."""

import re
from collections.abc import Mapping
from datetime import date

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.cutover_day import read_day
from bot.services.decision_approvals import GivenApproval
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.blocks import Block
from bot.slack.views import decision_modals as view
from handlers.answers import Answers
from handlers.bound import BoundDecision
from handlers.opening import open_modal
from handlers.payloads import Press, Submission

Body = Mapping[str, object]
_OPENING = (
    ids.DECISION_NO_GO,
    ids.DECISION_APPROVE,
    ids.DECISION_REJECT,
    ids.DECISION_QUESTION,
    ids.DECISION_EVIDENCE,
)


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the presses of such a message and to its modals."""

    async def decides(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _walk(services, press))

    async def opens(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _open(services, client, press))

    async def approved(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        bound = BoundDecision.model_validate_json(submission.view.private_metadata)
        given = GivenApproval(
            decision_id=bound.decision,
            round=bound.round,
            digest=bound.digest,
            typed=submission.typed("name"),
            comment=submission.typed("comment"),
            code=submission.typed("code"),
        )
        doing = services.decisions.approvals.approve(given, actor=submission.user.actor)
        await answers.submission(ack, doing, field="name")

    async def rejected(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        await answers.submission(ack, _reject(services, submission), field="reason")

    async def no_go(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        await answers.submission(ack, _no_go(services, submission), field="reason")

    async def asked(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        shown = ids.Shown.parse(submission.view.private_metadata)
        doing = services.decisions.approvals.question(
            shown.subject, text=submission.typed("question"), actor=submission.user.actor
        )
        await answers.submission(ack, doing, field="question")

    app.action(re.compile(rf"^{re.escape(ids.DECISION_ANSWER)}:[a-z0-9_-]+$"))(decides)
    for deciding in (ids.DECISION_BACK, ids.DECISION_CHECK, ids.DECISION_ASK, ids.DECISION_WITHDRAW):
        app.action(deciding)(decides)
    for opening in _OPENING:
        app.action(opening)(opens)
    app.view(ids.DECISION_APPROVE_MODAL)(approved)
    app.view(ids.DECISION_REJECT_MODAL)(rejected)
    app.view(ids.DECISION_NO_GO_MODAL)(no_go)
    app.view(ids.DECISION_QUESTION_MODAL)(asked)


async def _walk(services: Services, press: Press) -> None:
    """What a button does by itself."""
    shown, actor = ids.Shown.parse(press.button.value), press.user.actor
    walks, of, version = services.decisions.walks, shown.subject, shown.version
    match press.button.action_id:
        case ids.DECISION_WITHDRAW:
            await services.decisions.endings.withdraw(of, actor=actor)
        case ids.DECISION_BACK:
            await walks.step_back(of, version=version, actor=actor)
        case ids.DECISION_CHECK:
            await walks.check_again(of, version=version, actor=actor)
        case ids.DECISION_ASK:
            await walks.ask_approvers(of, version=version, actor=actor)
        case _:
            await walks.answer(of, version=version, answer=press.button.detail, actor=actor)


async def _reject(services: Services, submission: Submission) -> None:
    shown = ids.Shown.parse(submission.view.private_metadata)
    await services.decisions.approvals.reject(
        shown.subject,
        reason=submission.typed("reason"),
        new_day=_day(submission),
        actor=submission.user.actor,
    )


async def _no_go(services: Services, submission: Submission) -> None:
    shown = ids.Shown.parse(submission.view.private_metadata)
    await services.decisions.walks.record_no_go(
        shown.subject,
        version=shown.version,
        reason=submission.typed("reason"),
        new_day=read_day(submission.chosen("day")),
        actor=submission.user.actor,
    )


def _day(submission: Submission) -> date | None:
    chosen = submission.chosen("day")
    return read_day(chosen) if chosen else None


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    """Open the modal that a button stands for; it changes no state."""
    view_ = await _view(services, press)
    await open_modal(client, trigger_id=press.trigger_id, view=view_)


async def _view(services: Services, press: Press) -> Block:
    shown, actor = ids.Shown.parse(press.button.value), press.user.actor
    approvals, walks = services.decisions.approvals, services.decisions.walks
    match press.button.action_id:
        case ids.DECISION_APPROVE:
            found = await approvals.to_approve(shown.subject, actor=actor)
            return view.approve(services.catalog.get(found.migration).playbook, found)
        case ids.DECISION_REJECT:
            return view.reject(await approvals.to_reject(shown.subject, actor=actor))
        case ids.DECISION_NO_GO:
            found = await walks.to_record_no_go(shown.subject, version=shown.version, actor=actor)
            return view.no_go(services.catalog.get(found.migration).playbook, found)
        case ids.DECISION_QUESTION:
            return view.question(await approvals.shown(shown.subject, actor=actor))
    return view.evidence(await approvals.shown(shown.subject, actor=actor))

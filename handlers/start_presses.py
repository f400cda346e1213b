"""Buttons and modals of a rollback that waits for approvals, and of the review of one that did not."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.services import Services
from bot.services.start_requests import GivenApproval
from bot.slack import action_ids as ids
from bot.slack.blocks import Block
from bot.slack.views import review, start_request
from handlers.answers import Answers
from handlers.bound import BoundApproval
from handlers.opening import open_modal
from handlers.payloads import Press, Submission

Body = Mapping[str, object]


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the presses of such a message and to its modals."""

    async def withdraw(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        shown = ids.Shown.parse(press.button.value)
        doing = services.start_requests.withdraw(shown.subject, actor=press.user.actor)
        await answers.press(ack, respond, doing)

    async def opens(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _open(services, client, press))

    async def approved(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        bound = BoundApproval.model_validate_json(submission.view.private_metadata)
        given = GivenApproval(
            request_id=bound.request,
            preview_id=bound.preview,
            digest=bound.digest,
            typed=submission.typed("name"),
            code=submission.typed("code"),
        )
        doing = services.start_requests.approve(given, actor=submission.user.actor)
        await answers.submission(ack, doing, field="name")

    async def went_on_alone(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        shown = ids.Shown.parse(submission.view.private_metadata)
        reason, code, actor = submission.typed("reason"), submission.typed("code"), submission.user.actor
        doing = services.break_glass.go_on_alone(shown.subject, reason=reason, code=code, actor=actor)
        await answers.submission(ack, doing, field="reason")

    async def reviewed(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        shown = ids.Shown.parse(submission.view.private_metadata)
        note, actor = submission.typed("note"), submission.user.actor
        doing = services.reviews.close(shown.subject, note=note, actor=actor)
        await answers.submission(ack, doing, field="note")

    app.action(ids.WITHDRAW)(withdraw)
    for opening in (ids.APPROVE, ids.GO_ON_ALONE, ids.REVIEW_DONE):
        app.action(opening)(opens)
    app.view(ids.APPROVE_MODAL)(approved)
    app.view(ids.GO_ON_ALONE_MODAL)(went_on_alone)
    app.view(ids.REVIEW_MODAL)(reviewed)


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    """Open the modal that a button stands for; it changes no state."""
    view = await _view(services, press)
    await open_modal(client, trigger_id=press.trigger_id, view=view)


async def _view(services: Services, press: Press) -> Block:
    shown, actor = ids.Shown.parse(press.button.value), press.user.actor
    if press.button.action_id == ids.REVIEW_DONE:
        return review.review_done(await services.reviews.shown(shown.subject, actor=actor))
    if press.button.action_id == ids.APPROVE:
        request, preview = await services.start_requests.to_approve(shown.subject, actor=actor)
        title = services.catalog.get(request.migration).playbook.title
        with_code = await services.rollback_codes.are_asked_for(request)
        return start_request.approval(request, preview, title, with_code=with_code)
    request, preview = await services.break_glass.shown(shown.subject, actor=actor)
    title = services.catalog.get(request.migration).playbook.title
    with_code = await services.rollback_codes.are_asked_for(request)
    return start_request.go_on_alone(shown, request, preview, title, with_code=with_code)

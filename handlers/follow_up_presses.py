"""Buttons and the modal of a follow-up."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.quantities import parse_duration
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.views import follow_ups as view
from handlers.answers import Answers
from handlers.opening import open_modal
from handlers.payloads import Press, Submission

Body = Mapping[str, object]


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to “Done”, “Move…” and the modal behind it."""

    async def done(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        shown = ids.Shown.parse(press.button.value)
        await answers.press(ack, respond, services.follow_ups.done(shown.subject, actor=press.user.actor))

    async def asks_to_move(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _open(services, client, press))

    async def moved(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        shown = ids.Shown.parse(submission.view.private_metadata)
        doing = services.follow_ups.move(
            shown.subject,
            version=shown.version,
            later=parse_duration(submission.chosen("by")),
            reason=submission.typed("reason"),
            actor=submission.user.actor,
        )
        await answers.submission(ack, doing, field="reason")

    app.action(ids.FOLLOW_UP_DONE)(done)
    app.action(ids.FOLLOW_UP_MOVE)(asks_to_move)
    app.view(ids.FOLLOW_UP_MOVE_MODAL)(moved)


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    shown = ids.Shown.parse(press.button.value)
    one = await services.follow_ups.shown(shown.subject, version=shown.version, actor=press.user.actor)
    await open_modal(client, trigger_id=press.trigger_id, view=view.move(one))

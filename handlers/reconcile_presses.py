"""Buttons of a reconciliation."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.services.services import Services
from bot.slack import action_ids as ids
from handlers.answers import Answers
from handlers.payloads import Press


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to “Run again”."""

    async def again(ack: AsyncAck, body: Mapping[str, object], respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        doing = services.reconciliation.request(
            press.button.value, channel=press.channel.id, actor=press.user.actor
        )
        await answers.press(ack, respond, doing)

    app.action(ids.RECONCILE_AGAIN)(again)

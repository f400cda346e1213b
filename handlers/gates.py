"""`/gates MIGRATION`, and the buttons of its board."""

import re
from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.person import Actor
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.views import gate_modals as view
from handlers import rehearsals
from handlers.answers import Answers
from handlers.opening import open_modal
from handlers.payloads import Press

GATES = "/gates"
Body = Mapping[str, object]


async def ask(services: Services, migration: str, channel: str | None, actor: Actor) -> str:
    """Have the gates evaluated, and say where they will be shown."""
    asked = await services.gate_requests.ask(migration, channel=channel, actor=actor)
    place = asked.channel if asked.channel.startswith("#") else f"<#{asked.channel}>"
    return f"Evaluating the gates of {asked.migration}. The board comes in {place}."


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to “Details”, “History”, “Evaluate again” and “Rehearse”."""

    async def again(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        channel = press.channel.id if press.channel else None
        asking = services.gate_requests.ask(press.button.value, channel=channel, actor=press.user.actor)
        await answers.press(ack, respond, asking)

    async def details(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await answers.press(ack, respond, _details(services, client, Press.model_validate(body)))

    async def history(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await answers.press(ack, respond, _history(services, client, Press.model_validate(body)))

    async def rehearse(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        asked = rehearsals.Asked(press.button.value, press.button.detail, press.user.actor, press.trigger_id)
        await answers.press(ack, respond, rehearsals.open_for(services, answers, client, asked))

    app.action(re.compile(rf"^{re.escape(ids.GATES_REHEARSE)}:[a-z0-9_-]+$"))(rehearse)
    app.action(ids.GATES_AGAIN)(again)
    app.action(re.compile(rf"^{re.escape(ids.GATE_DETAILS)}:\d+$"))(details)
    app.action(ids.GATES_HISTORY)(history)


async def _details(services: Services, client: AsyncWebClient, press: Press) -> None:
    made = await services.gate_requests.shown(press.button.value, actor=press.user.actor)
    await open_modal(client, trigger_id=press.trigger_id, view=view.details(made, int(press.button.detail)))


async def _history(services: Services, client: AsyncWebClient, press: Press) -> None:
    migration = press.button.value
    found = await services.gate_requests.history(migration, actor=press.user.actor)
    await open_modal(client, trigger_id=press.trigger_id, view=view.history(migration, found))

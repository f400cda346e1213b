"""Buttons of a reconciliation, and of the rows that it found."""

import re
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.services.services import Services
from bot.slack import action_ids as ids
from handlers import reconcile_words
from handlers.answers import Answers
from handlers.payloads import Press

Does = Callable[[Services, Press], Awaitable[object]]


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to “Run again”, “Cancel”, “Show rows” and “Get all rows as CSV”."""

    def listen(name: str | re.Pattern[str], does: Does) -> None:
        async def pressed(ack: AsyncAck, body: Mapping[str, object], respond: AsyncRespond) -> None:
            await answers.press(ack, respond, does(services, Press.model_validate(body)))

        app.action(name)(pressed)

    listen(ids.RECONCILE_AGAIN, _again)
    listen(ids.RECONCILE_CANCEL, _cancel)
    listen(re.compile(rf"^{re.escape(ids.ROWS_SHOW)}:"), _show_rows)
    listen(re.compile(rf"^{re.escape(ids.ROWS_CSV)}:"), _export_rows)


async def _again(services: Services, press: Press) -> object:
    wanted = reconcile_words.parse(press.button.value.split())
    return await services.reconciliation.request(
        wanted.migration,
        channel=press.channel.id if press.channel else None,
        actor=press.user.actor,
        checks=wanted.checks,
        rows=wanted.rows,
    )


async def _cancel(services: Services, press: Press) -> object:
    return await services.reconciliation.cancel(press.button.value, actor=press.user.actor)


async def _show_rows(services: Services, press: Press) -> None:
    await services.rows.show(press.button.value, press.button.detail, actor=press.user.actor)


async def _export_rows(services: Services, press: Press) -> None:
    await services.row_export.ask(press.button.value, press.button.detail, actor=press.user.actor)

"""How a refusal or an error is told: only to the person, after the acknowledgement."""

import asyncio
from collections.abc import Awaitable

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.domain.errors import RefusedError, SwitchbackError
from bot.slack.blocks import escape

log = structlog.get_logger()


def warning(error: SwitchbackError) -> str:
    """An error as a person reads it; what they typed comes back as plain text."""
    return f"⚠️ {escape(str(error))}"


class Answers:
    """Acknowledges, and tells people what went otherwise than they wanted."""

    def __init__(self) -> None:
        self._telling: set[asyncio.Future[None]] = set()

    async def press(self, ack: AsyncAck, respond: AsyncRespond, doing: Awaitable[object]) -> None:
        """Do it, acknowledge, and tell the person when it was refused.

        The acknowledgement leaves when the listener returns; what is told goes its own way, so that
        it delays nothing.
        """
        try:
            await doing
        except SwitchbackError as error:
            self.later(self._tell(respond, warning(error)))
        await ack()

    async def submission(self, ack: AsyncAck, doing: Awaitable[object], *, field: str) -> None:
        """Do it and close the modal, or show under an input why not."""
        try:
            await doing
        except SwitchbackError as error:
            named = error.field if isinstance(error, RefusedError) and error.field else field
            await ack(response_action="errors", errors={named: str(error)})
        else:
            await ack()

    def later(self, telling: Awaitable[None]) -> None:
        """Let a text go its way; a failure of it is logged."""
        task = asyncio.ensure_future(telling)
        self._telling.add(task)
        task.add_done_callback(self._told)

    async def settled(self) -> None:
        """Wait until everything is told."""
        await asyncio.gather(*self._telling, return_exceptions=True)

    def _told(self, task: asyncio.Future[None]) -> None:
        self._telling.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("answer.not_told", problem=repr(task.exception()))

    @staticmethod
    async def _tell(respond: AsyncRespond, text: str) -> None:
        await respond(text=text, response_type="ephemeral", replace_original=False)

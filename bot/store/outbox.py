"""Messages to be sent, written in the transaction of what they tell of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from pydantic import JsonValue

from bot.domain.messages.facts import Facts
from bot.store.connection import Connection
from bot.store.tables import outbox

Way = Literal["show", "say", "file"]

# Made once: to make a statement takes SQLAlchemy longer than SQLite takes to execute it.
_INSERT = outbox.insert()
_REPLACE = outbox.update().where(
    outbox.c.status == "pending",
    outbox.c.attempts == 0,
    outbox.c.way == "show",
    outbox.c.subject == sa.bindparam("same_subject"),
    outbox.c.channel == sa.bindparam("same_channel"),
)


@dataclass(frozen=True)
class OutboxRow:
    """One message on its way. `subject` is what it is about: a message shown again replaces itself.

    `channel` is a channel's name or id, or a person's id for the direct message with them.
    """

    number: int
    channel: str
    way: Way
    subject: str
    thread: str | None
    kind: str
    facts: dict[str, JsonValue]
    created_at: datetime
    status: str
    attempts: int

    @property
    def mark(self) -> str:
        """What its message is found by again."""
        return f"{self.subject}#{self.number}"


class Outbox:
    """Writes messages. Rows of one channel are delivered in the order of their numbers.

    `written` is whether anything was.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.written = False

    async def show(self, *, channel: str, subject: str, facts: Facts, at: datetime) -> None:
        """A message that is posted once and then kept current. An unsent version is replaced."""
        self.written = True
        replaced = await self._connection.execute(
            _REPLACE,
            {
                "same_subject": subject,
                "same_channel": channel,
                "kind": facts.kind,
                "facts": facts.model_dump(mode="json"),
            },
        )
        if replaced.rowcount == 0:
            await self._add(way="show", channel=channel, subject=subject, facts=facts, at=at)

    async def say(
        self, *, channel: str, subject: str, facts: Facts, at: datetime, thread: str | None = None
    ) -> None:
        """A message of its own, in the thread of another subject where one is named."""
        await self._add(way="say", channel=channel, subject=subject, facts=facts, at=at, thread=thread)

    async def send_file(
        self, *, channel: str, subject: str, facts: Facts, at: datetime, thread: str | None = None
    ) -> None:
        """A file that is made of these facts when it is sent, best to a person's id.

        What else is told in the channel waits for it, and the content is nowhere but in Slack.
        """
        await self._add(way="file", channel=channel, subject=subject, facts=facts, at=at, thread=thread)

    async def latest(self, *, kind: str, subject: str) -> dict[str, JsonValue] | None:
        """The facts of the last message of a kind about a subject, sent or not; None where there is none."""
        query = sa.select(outbox.c.facts).where(outbox.c.kind == kind, outbox.c.subject == subject)
        return (
            await self._connection.execute(query.order_by(outbox.c.number.desc()).limit(1))
        ).scalar_one_or_none()

    async def _add(
        self,
        *,
        way: Way,
        channel: str,
        subject: str,
        facts: Facts,
        at: datetime,
        thread: str | None = None,
    ) -> None:
        self.written = True
        await self._connection.execute(
            _INSERT,
            {
                "channel": channel,
                "way": way,
                "subject": subject,
                "thread": thread,
                "kind": facts.kind,
                "facts": facts.model_dump(mode="json"),
                "created_at": at,
                "status": "pending",
                "attempts": 0,
            },
        )

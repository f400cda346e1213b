"""The sender's side of the outbox: what is due, who delivers a channel, what became of a row."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.outbox import OutboxRow
from bot.store.tables import channel_leases, message_places, outbox

LEASE = timedelta(seconds=30)
# No row waits longer for its next attempt: what is due later still was written before the clock was set back.
LONGEST_WAIT = timedelta(minutes=10)
_WAITING = ("pending", "sending")
_NEXT = (
    sa.select(sa.func.min(outbox.c.number)).where(outbox.c.status.in_(_WAITING)).group_by(outbox.c.channel)
)
_DUE_CHANNELS = sa.select(outbox.c.channel).where(
    outbox.c.number.in_(_NEXT),
    sa.or_(
        outbox.c.not_before.is_(None),
        outbox.c.not_before <= sa.bindparam("now"),
        outbox.c.not_before > sa.bindparam("latest"),
    ),
)


class Delivery:
    """Rows on their way, in order per channel; one sender at a time has a channel."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def channels(self, *, now: datetime) -> tuple[str, ...]:
        """The channels whose next row may be sent."""
        rows = await self._connection.execute(_DUE_CHANNELS, {"now": now, "latest": now + LONGEST_WAIT})
        return tuple(row.channel for row in rows)

    async def lease(self, channel: str, *, owner: str, now: datetime) -> bool:
        """Take a channel for half a minute, or keep it; False while another sender has it."""
        taken = await self._connection.execute(
            channel_leases.update()
            .where(
                channel_leases.c.channel == channel,
                sa.or_(
                    channel_leases.c.owner == owner,
                    channel_leases.c.until < now,
                    # Taken before the clock was set back. Replicas' clocks may be half a minute apart.
                    channel_leases.c.until > now + 2 * LEASE,
                ),
            )
            .values(owner=owner, until=now + LEASE)
        )
        if taken.rowcount:
            return True
        return await insert_once(
            self._connection,
            channel_leases.insert().values(channel=channel, owner=owner, until=now + LEASE),
        )

    async def keep(self, row: OutboxRow, *, owner: str, now: datetime, settle: timedelta) -> bool:
        """Keep the channel, and the row that is being sent; False when another sender has the row by now.

        Should this one die, the row is not claimed before `settle` is over.
        """
        kept = await self._connection.execute(
            outbox.update()
            .where(
                outbox.c.number == row.number,
                outbox.c.status == "sending",
                outbox.c.attempts == row.attempts + 1,
            )
            .values(not_before=now + settle)
        )
        return kept.rowcount == 1 and await self.lease(row.channel, owner=owner, now=now)

    async def release(self, owner: str) -> None:
        """Give back every channel of a sender that is not there any more."""
        await self._connection.execute(channel_leases.delete().where(channel_leases.c.owner == owner))

    async def claim(self, channel: str, *, now: datetime) -> OutboxRow | None:
        """The channel's next row, marked as being sent; None when nothing is due.

        Its `attempts` counts the ones before: above zero it may have arrived already.
        """
        first = (
            await self._connection.execute(
                sa.select(outbox.c.number, outbox.c.not_before)
                .where(outbox.c.channel == channel, outbox.c.status.in_(_WAITING))
                .order_by(outbox.c.number)
                .limit(1)
            )
        ).one_or_none()
        if first is None or not _due(first.not_before, now):
            return None
        row = (
            await self._connection.execute(
                outbox.update()
                .where(outbox.c.number == first.number)
                .values(status="sending", attempts=outbox.c.attempts + 1)
                .returning(outbox)
            )
        ).one()
        return OutboxRow(
            number=row.number,
            channel=row.channel,
            way=row.way,
            subject=row.subject,
            thread=row.thread,
            kind=row.kind,
            facts=row.facts,
            created_at=row.created_at,
            status=row.status,
            attempts=row.attempts - 1,
        )

    async def following(self, row: OutboxRow) -> tuple[OutboxRow, ...]:
        """The rows right after this one that are of its kind and thread, and were never tried."""
        rows = await self._connection.execute(
            sa.select(outbox)
            .where(
                outbox.c.channel == row.channel,
                outbox.c.number > row.number,
                outbox.c.status == "pending",
                outbox.c.attempts == 0,
                outbox.c.kind == row.kind,
                outbox.c.thread == row.thread,
                outbox.c.way == "say",
            )
            .order_by(outbox.c.number)
            .limit(20)
        )
        return tuple(
            OutboxRow(**{name: value for name, value in found._asdict().items() if name in _FIELDS})
            for found in rows
        )

    async def sent(self, numbers: list[int]) -> None:
        """These have arrived."""
        await self._connection.execute(
            outbox.update().where(outbox.c.number.in_(numbers)).values(status="sent", problem=None)
        )

    async def later(self, number: int, *, not_before: datetime, problem: str) -> None:
        """This one did not arrive, or may not have; try again then, within LONGEST_WAIT."""
        await self._connection.execute(
            outbox.update()
            .where(outbox.c.number == number)
            .values(status="pending", not_before=not_before, problem=problem)
        )

    async def dead(self, number: int, problem: str) -> None:
        """This one will never be taken by Slack."""
        await self._connection.execute(
            outbox.update().where(outbox.c.number == number).values(status="dead", problem=problem)
        )

    async def place(self, subject: str) -> tuple[str, str] | None:
        """Where a subject's message is: channel id and ts; None when it has not been posted."""
        row = (
            await self._connection.execute(
                sa.select(message_places.c.channel_id, message_places.c.ts).where(
                    message_places.c.subject == subject
                )
            )
        ).one_or_none()
        return (row.channel_id, row.ts) if row else None

    async def put(self, subject: str, *, channel_id: str, ts: str) -> None:
        """Note where a subject's message is. Of two replicas that do at once, the later counts."""
        place = {"channel_id": channel_id, "ts": ts}
        if not await insert_once(self._connection, message_places.insert().values(subject=subject, **place)):
            await self._connection.execute(
                message_places.update().where(message_places.c.subject == subject).values(place)
            )

    async def write_in_vain(self) -> None:
        """Write a row and take it away again. To write what is there already is no write to SQLite."""
        nowhere = "nowhere"
        await self.put(nowhere, channel_id=nowhere, ts=nowhere)
        await self._connection.execute(message_places.delete().where(message_places.c.subject == nowhere))

    async def backlog(self) -> tuple[int, datetime | None]:
        """How many rows wait, and since when the oldest does."""
        row = (
            await self._connection.execute(
                sa.select(
                    sa.func.count().label("waiting"), sa.func.min(outbox.c.created_at).label("oldest")
                ).where(outbox.c.status.in_(_WAITING))
            )
        ).one()
        return row.waiting, row.oldest


def _due(not_before: datetime | None, now: datetime) -> bool:
    return not_before is None or not now < not_before <= now + LONGEST_WAIT


_FIELDS = frozenset(OutboxRow.__dataclass_fields__)

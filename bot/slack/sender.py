"""Delivers the outbox: in order per channel, nothing lost, nothing twice.

A row is marked before it is sent. One that was marked before and not recorded as sent may have
arrived: its message is looked up by the mark in its metadata before it is sent again. Rows that were
told together with it are in that message, too. Where the bot is kept from looking, it is sent again
with a line that says so. Files go the same way (bot/slack/uploads.py).
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog

from bot.domain.errors import StoreError
from bot.ports.clock import Clock
from bot.slack.blocks import Message
from bot.slack.posting import Gone, Hidden, NotNow, Posted, Posting, Refused, Result
from bot.slack.rendering import MERGED, render
from bot.slack.uploads import Lost, Uploads
from bot.slack.views.repeat import as_repeat
from bot.store.delivery import LONGEST_WAIT
from bot.store.outbox import OutboxRow
from bot.store.store import Store

POLL_SECONDS = 1.0
# What is told within so long goes out together: a run whose steps take milliseconds would else have each
# of its pictures sent, and pay for it.
GATHER_SECONDS = 0.1
# How long a delivery that is under way may go on when the bot stops.
STOP_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 30.0
# Between two repeats of a message that cannot be looked up, each of which may have arrived.
REPEAT_PAUSE_SECONDS = 300.0

log = structlog.get_logger()


class Sender:
    """Delivers what is due, woken by what this process commits, and once a second for the others'."""

    def __init__(self, *, store: Store, posting: Posting, uploads: Uploads, clock: Clock, owner: str) -> None:
        self._store = store
        self._posting = posting
        self._uploads = uploads
        self._clock = clock
        self._owner = owner
        self._draining: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Deliver until cancelled. A channel that hangs holds up no other."""
        beginning = asyncio.ensure_future(asyncio.sleep(0))
        try:
            while True:
                self._store.mail.clear()
                beginning = asyncio.ensure_future(self._begin_due())
                await asyncio.shield(beginning)
                try:
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._store.mail.wait()
                except TimeoutError:
                    continue
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            # A transaction that is cut off in the middle can keep its lock: it is seen to its end.
            await asyncio.wait({beginning, *self._draining.values()}, timeout=STOP_SECONDS)
            for task in self._draining.values():
                task.cancel()
            await asyncio.gather(beginning, *self._draining.values(), return_exceptions=True)

    async def deliver_due(self) -> None:
        """Deliver every channel's due rows, and wait until that is done."""
        await self._begin_due()
        await asyncio.gather(*self._draining.values())

    async def _begin_due(self) -> None:
        """Begin with every channel that has something due and is not being delivered."""
        try:
            async with self._store.reading() as tx:
                channels = await tx.delivery.channels(now=self._clock.now())
        except StoreError as error:
            log.warning("sender.database_away", problem=str(error))
            return
        for task in [task for task in self._draining.values() if task.done()]:
            # What is no trouble of the database is a fault of ours, and ends the bot.
            task.result()
        for channel in channels:
            if channel not in self._draining or self._draining[channel].done():
                self._draining[channel] = asyncio.create_task(self._drain(channel))

    async def _drain(self, channel: str) -> None:
        try:
            await self._deliver_channel(channel)
        except StoreError as error:
            log.warning("sender.database_away", channel=channel, problem=str(error))

    async def _deliver_channel(self, channel: str) -> None:
        while True:
            now = self._clock.now()
            async with self._store.transaction(later=True) as tx:
                if not await tx.delivery.lease(channel, owner=self._owner, now=now):
                    return
                row = await tx.delivery.claim(channel, now=now)
                if row is None:
                    return
                merged = [row]
                if row.kind in MERGED:
                    merged.extend(await tx.delivery.following(row))
                thread = await tx.delivery.place(row.thread) if row.thread else None
                place = await tx.delivery.place(row.subject) if row.way == "show" else None
            if row.way == "file":
                sent = await self._deliver_file(row, thread=thread)
                if isinstance(sent, Lost):
                    log.warning("sender.lost", channel=channel, number=row.number)
                    return
                result = sent
            else:
                result = await self._deliver(row, merged, thread=thread, place=place)
            if not await self._record(row, merged, result):
                return

    async def _deliver(
        self,
        row: OutboxRow,
        merged: list[OutboxRow],
        *,
        thread: tuple[str, str] | None,
        place: tuple[str, str] | None,
    ) -> Result:
        try:
            message = render(row.kind, [piece.facts for piece in merged])
        except Exception as error:
            # One message that cannot be rendered must not hold up the channel; it is kept as dead.
            log.exception("sender.cannot_render", kind=row.kind, number=row.number)
            return Refused(f"cannot be rendered: {type(error).__name__}")
        if place is not None:
            updated = await self._posting.update(message, channel_id=place[0], ts=place[1])
            if not isinstance(updated, Gone):
                return updated
        marks = [piece.mark for piece in merged]
        if thread is not None:
            answered = await self._post(row, message, channel=thread[0], thread_ts=thread[1], marks=marks)
            # When the message was deleted that the thread hangs on, it is told in the channel itself.
            if not isinstance(answered, Gone):
                return answered
        return await self._post(row, message, channel=row.channel, thread_ts=None, marks=marks)

    async def _deliver_file(self, row: OutboxRow, *, thread: tuple[str, str] | None) -> Result | Lost:
        keep = partial(self._keep, row)
        if thread is not None:
            answered = await self._uploads.deliver(row, channel=thread[0], thread_ts=thread[1], keep=keep)
            if not isinstance(answered, Gone):
                return answered
        return await self._uploads.deliver(row, channel=row.channel, thread_ts=None, keep=keep)

    async def _keep(self, row: OutboxRow, settle: timedelta) -> bool:
        async with self._store.transaction(later=True) as tx:
            return await tx.delivery.keep(row, owner=self._owner, now=self._clock.now(), settle=settle)

    async def _post(
        self, row: OutboxRow, message: Message, *, channel: str, thread_ts: str | None, marks: list[str]
    ) -> Result:
        if row.attempts > 0:
            found = await self._posting.find(
                channel=channel, thread_ts=thread_ts, mark=marks[0], oldest=row.created_at.timestamp() - 60
            )
            if isinstance(found, Hidden):
                log.warning("sender.repeats", channel=channel, number=row.number, problem=found.problem)
                repeated = await self._posting.post(
                    as_repeat(message), channel=channel, thread_ts=thread_ts, marks=marks
                )
                if isinstance(repeated, NotNow) and repeated.uncertain:
                    return replace(repeated, seconds=max(REPEAT_PAUSE_SECONDS, repeated.seconds or 0))
                return repeated
            if found is not None:
                return found
        return await self._posting.post(message, channel=channel, thread_ts=thread_ts, marks=marks)

    async def _record(self, row: OutboxRow, merged: list[OutboxRow], result: Result) -> bool:
        """Note what became of a row; whether the channel's next one may be sent."""
        async with self._store.transaction(later=True) as tx:
            match result:
                case Posted(channel_id, ts, marks):
                    if row.way == "show":
                        await tx.delivery.put(row.subject, channel_id=channel_id, ts=ts)
                    # What came to be merged since an earlier attempt arrived is not in that message.
                    told = [piece.number for piece in merged if marks is None or piece.mark in marks]
                    await tx.delivery.sent(told)
                    return True
                case NotNow(problem, seconds):
                    pause = seconds or min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** min(row.attempts, 8))
                    log.warning("sender.not_now", channel=row.channel, problem=problem, seconds=pause)
                    due = self._clock.now() + min(timedelta(seconds=pause), LONGEST_WAIT)
                    await tx.delivery.later(row.number, not_before=due, problem=problem)
                    return False
                case Refused(problem):
                    log.error("sender.refused", channel=row.channel, kind=row.kind, problem=problem)
                    await tx.delivery.dead(row.number, problem)
                    return True
                case Gone():
                    raise RuntimeError("a message that is gone is posted anew")

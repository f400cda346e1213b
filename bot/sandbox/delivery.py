"""Bringing what people do to the app, once or more, and events until they are acknowledged."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.sandbox.call_log import CallLog
from bot.sandbox.clock import Ids
from bot.sandbox.faults import Faults
from bot.sandbox.json_values import JsonObject

EnvelopeType = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One thing to tell the app. Retries are counted for events alone."""

    id: str
    kind: EnvelopeType
    payload: JsonObject
    retry_attempt: int = 0
    retry_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """How a delivery went. `response` is the body of the acknowledgement, `elapsed` in seconds."""

    delivered: bool
    acknowledged: bool
    elapsed: float = 0.0
    error: str | None = None
    response: JsonObject | None = None


class Transport(Protocol):
    """A way to the app."""

    @property
    def connected(self) -> int:
        """How many ways are open: sockets, or 1 for HTTP."""
        ...

    async def send(self, envelope: Envelope, *, timeout: float) -> Receipt:
        """Deliver and wait for the acknowledgement, `timeout` seconds at most."""
        ...


class Delivery:
    """Delivers over a transport, with the faults that are switched on."""

    def __init__(
        self,
        *,
        transport: Transport,
        faults: Faults,
        log: CallLog,
        ids: Ids,
        ack_timeout: float,
        event_retry_delays: tuple[float, ...],
    ) -> None:
        self._transport = transport
        self._faults = faults
        self._log = log
        self._ids = ids
        self._ack_timeout = ack_timeout
        self._event_retry_delays = event_retry_delays
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> int:
        """How many ways to the app are open."""
        return self._transport.connected

    async def deliver(self, kind: EnvelopeType, payload: JsonObject) -> Receipt:
        """Deliver a command or an interaction; it is not repeated when nobody acknowledges.

        The time-out counts from the person's press, so what is held back for longer than
        that is answered with operation_timeout and arrives all the same.
        """
        envelope = Envelope(id=self._ids.token().lower(), kind=kind, payload=payload)
        started = time.monotonic()
        sending = asyncio.create_task(self._send(envelope))
        if self._faults.duplicate_deliveries:
            self._in_background(self._send_again(envelope))
        done, _ = await asyncio.wait([sending], timeout=self._ack_timeout)
        elapsed = time.monotonic() - started
        if not done:
            self._in_background(_finish(sending))
            return Receipt(delivered=True, acknowledged=False, elapsed=elapsed, error="operation_timeout")
        return replace(sending.result(), elapsed=elapsed)

    def deliver_event(self, payload: JsonObject) -> None:
        """Deliver an event in the background, again and again until it is acknowledged."""
        self._in_background(self._deliver_event(payload))

    async def settled(self) -> None:
        """Wait until nothing is under way in the background."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver_event(self, payload: JsonObject) -> None:
        reason = ""
        for attempt, delay in enumerate((0.0, *self._event_retry_delays)):
            await asyncio.sleep(delay)
            envelope = Envelope(
                id=self._ids.token().lower(),
                kind="events_api",
                payload=payload,
                retry_attempt=attempt,
                retry_reason=reason,
            )
            if self._faults.duplicate_deliveries:
                self._in_background(self._send_again(envelope))
            receipt = await self._send(envelope)
            if receipt.acknowledged:
                return
            reason = _retry_reason(receipt)

    async def _send(self, envelope: Envelope) -> Receipt:
        if self._faults.late_seconds:
            await asyncio.sleep(self._faults.late_seconds)
        entry = self._log.delivery(
            envelope_id=envelope.id, kind=envelope.kind, attempt=envelope.retry_attempt
        )
        started = time.monotonic()
        receipt = await self._transport.send(envelope, timeout=self._ack_timeout)
        if receipt.acknowledged:
            entry.acknowledged_ms = (time.monotonic() - started) * 1000
        return receipt

    async def _send_again(self, envelope: Envelope) -> None:
        await self._send(envelope)

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _retry_reason(receipt: Receipt) -> str:
    """Why an event is delivered again, in Slack's words."""
    if receipt.error == "operation_timeout":
        return "timeout"
    return "error" if receipt.delivered else "connection_failed"


async def _finish(sending: "asyncio.Task[Receipt]") -> None:
    await sending

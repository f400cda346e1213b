"""The lanes of a source: as many questions at once as its playbook allows."""

import asyncio
from threading import Event
from typing import TypeVar

from bot.domain.errors import SourceError
from bot.reconcile.databases.database import Database
from bot.reconcile.lane import Ask, Lane, Snapshot

T = TypeVar("T")

_CLOSING_SECONDS = 5.0
_INTERRUPTED_AGAIN_AFTER = (0.1, 0.2, 0.5, 1.0, 2.0)


class Lanes:
    """At most `most` questions at once, each in a lane.

    A lane whose question did not end in time is stuck: it takes no other one until that has ended, so that
    a database is never asked more at once than it was meant to be.
    """

    def __init__(self, database: Database, *, name: str, most: int) -> None:
        self.snapshot = Snapshot()
        self._database = database
        self._name = name
        self._most = self._now = most
        self._lanes: list[Lane] = []
        self._free: list[Lane] = []
        self._stuck: set[Lane] = set()
        self._endings: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def hold(self, *, alone: bool) -> None:
        """All that is asked from now on reads one snapshot; `alone`, on one connection."""
        self.snapshot.held = True
        self._now = 1 if alone else self._most

    def release(self) -> None:
        """Each question reads what is there again, as it turned out that no snapshot can be had."""
        self.snapshot.held = False
        self._now = self._most

    async def ask(self, ask: Ask[T], *, seconds: float, grace: float) -> T:
        """Ask on a free lane. Raises TimeoutError when the answer did not come in time."""
        lane, given_up = await self._taken(), Event()
        answer = asyncio.wrap_future(lane.submit(ask, seconds=seconds, given_up=given_up))
        try:
            async with asyncio.timeout(seconds + grace):
                return await asyncio.shield(answer)
        finally:
            given_up.set()
            if answer.done():
                self._given_back(lane)
            else:
                self._left(lane, answer)

    async def close(self) -> None:
        """Close every connection. One that is stuck is closed when its question has ended."""
        closing = [asyncio.wrap_future(lane.close()) for lane in self._lanes if lane not in self._stuck]
        for lane in self._stuck:
            lane.close()
        if closing:
            done, _ = await asyncio.wait(closing, timeout=_CLOSING_SECONDS)
            # What a connection says while it is closed is of no use to anybody.
            await asyncio.gather(*done, return_exceptions=True)

    async def _taken(self) -> Lane:
        while not self._free:
            if len(self._lanes) < self._now:
                self._lanes.append(Lane(self._database, self.snapshot, name=self._name))
                return self._lanes[-1]
            if len(self._stuck) == len(self._lanes):
                raise SourceError("what was asked before has not ended yet")
            self._changed.clear()
            await self._changed.wait()
        return self._free.pop()

    def _given_back(self, lane: Lane) -> None:
        self._free.append(lane)
        self._changed.set()

    def _left(self, lane: Lane, answer: "asyncio.Future[T]") -> None:
        """Have the lane's question end. It is free only after that, so that no later one is ended instead."""
        self._stuck.add(lane)
        self._changed.set()
        ending = asyncio.create_task(self._ended(lane, answer))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _ended(self, lane: Lane, answer: "asyncio.Future[T]") -> None:
        # What was not at its server yet when it was interrupted goes there all the same: so again.
        for seconds in _INTERRUPTED_AGAIN_AFTER:
            interrupting = asyncio.get_running_loop().run_in_executor(None, lane.interrupt)
            # What an interrupt fails with, nobody can mend: the question's time-out is its other end.
            await asyncio.gather(interrupting, return_exceptions=True)
            ended, _ = await asyncio.wait({answer}, timeout=seconds)
            if ended:
                break
        await asyncio.wait({answer})
        self._stuck.discard(lane)
        self._given_back(lane)

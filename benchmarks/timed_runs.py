"""Rollbacks of one bot, timed from the signed press to the files that the steps leave."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks.prepared_runs import prepare
from benchmarks.run_peers import check, clean
from benchmarks.runs_playbook import BY_HAND, FIRST, LONG, PRODUCTION, SECOND, SHORT
from benchmarks.signed_person import SignedPerson
from bot.app import Switchback
from bot.domain.run import Run
from bot.slack.action_ids import Shown
from bot.store.tables import outbox

_LOOK_SECONDS = 0.02
_SECONDS = 60.0


@dataclass(frozen=True)
class TimedRuns:
    """One bot with its database; `folder` is where its steps leave their files."""

    url: str
    joined: Switchback
    person: SignedPerson
    folder: Path

    async def long(self) -> float:
        """The seconds of the run of many small steps, from its confirmation to its end, as recorded."""
        clean(self.folder)
        confirmation = await prepare(self.joined.services, environment=PRODUCTION, plan=LONG)
        await self.quiet()
        await self.person.confirm(self.url, confirmation)
        # Not looked at meanwhile: that would take time from what is measured.
        await asyncio.sleep(1.0)
        run = await self._ended(confirmation.preview_id)
        check(self.folder)
        if run.ended_at is None:
            raise RuntimeError(f"run {run.id} has no end")
        return (run.ended_at - run.confirmed_at).total_seconds()

    async def short(self) -> tuple[float, float]:
        """The milliseconds from a submission that starts a run, and from a press that goes on with it,
        each to the file that the next step leaves."""
        for name in (FIRST, SECOND):
            (self.folder / name).unlink(missing_ok=True)
        confirmation = await prepare(self.joined.services, environment=PRODUCTION, plan=SHORT)
        await self.quiet()
        submitted = time.time()
        await self.person.confirm(self.url, confirmation)
        first = await self._left(FIRST) - submitted
        run = confirmation.preview_id
        await self._waiting(run)
        await self.quiet()
        pressed = time.time()
        await self.person.decide(self.url, Shown(run, 1, BY_HAND), "manual-done")
        second = await self._left(SECOND) - pressed
        await self._ended(run)
        return first * 1000, second * 1000

    async def quiet(self) -> None:
        """Wait until every message is sent."""
        waiting = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.status != "sent")
        async with asyncio.timeout(_SECONDS * 5):
            while True:
                async with self.joined.store.reading() as tx:
                    if (await tx.connection.execute(waiting)).scalar_one() == 0:
                        return
                await asyncio.sleep(_LOOK_SECONDS)

    async def _left(self, name: str) -> float:
        """When the file was left, in seconds since 1970, at most a tick of the kernel (4 ms) too early."""
        async with asyncio.timeout(_SECONDS):
            while True:
                try:
                    return (self.folder / name).stat().st_mtime
                except FileNotFoundError:
                    await asyncio.sleep(_LOOK_SECONDS)

    async def _waiting(self, run_id: str) -> None:
        async with asyncio.timeout(_SECONDS):
            while True:
                if (await self._get(run_id)).status == "waiting":
                    return
                await asyncio.sleep(_LOOK_SECONDS)

    async def _ended(self, run_id: str) -> Run:
        async with asyncio.timeout(_SECONDS):
            while True:
                run = await self._get(run_id)
                if run.ended_at is not None:
                    return run
                await asyncio.sleep(_LOOK_SECONDS)

    async def _get(self, run_id: str) -> Run:
        return await self.joined.services.steering.get(run_id)

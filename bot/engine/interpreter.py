"""The interpreter of runs: one replica drives a run at a time, until it waits, asks, or ends."""

import asyncio

import structlog

from bot.engine.acting import Acting
from bot.engine.driving import Driving
from bot.engine.run_endings import RunEndings
from bot.engine.run_records import RunRecords
from bot.engine.run_warnings import RunWarnings
from bot.ports.clock import Clock, Ids

log = structlog.get_logger()


class Interpreter:
    """Drives runs in this process."""

    def __init__(
        self,
        *,
        acting: Acting,
        records: RunRecords,
        endings: RunEndings,
        warnings: RunWarnings,
        clock: Clock,
        ids: Ids,
        replica: str,
    ) -> None:
        self._acting = acting
        self._records = records
        self._endings = endings
        self._warnings = warnings
        self._clock = clock
        self._ids = ids
        self._replica = replica
        self._wakes: dict[str, asyncio.Event] = {}

    async def drive(self, run_id: str, segment: int | None = None) -> None:  # noqa: ARG002
        """The durable job `run`: go on with a run. One that is being driven is told that it changed.

        `segment` stands in the jobs that the first schema's release wrote; it says nothing any more.
        """
        if run_id in self._wakes:
            self._wakes[run_id].set()
            return
        wake = self._wakes[run_id] = asyncio.Event()
        try:
            while await self._records.claim(run_id):
                await self._driving(run_id, wake).to_rest()
                # A job that came while the rest was written has set it. Nothing may wait between this
                # look and the end, or such a job would be lost.
                if not wake.is_set():
                    return
                wake.clear()
        finally:
            del self._wakes[run_id]

    def _driving(self, run_id: str, wake: asyncio.Event) -> Driving:
        return Driving(
            run_id,
            wake=wake,
            acting=self._acting,
            records=self._records,
            endings=self._endings,
            warnings=self._warnings,
            clock=self._clock,
            ids=self._ids,
            replica=self._replica,
        )

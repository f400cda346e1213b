"""The interpreter of runs: one replica drives a run at a time, until it waits, asks, or ends."""

import asyncio

from bot.engine.driving import Driving, Means


class Interpreter:
    """Drives runs in this process."""

    def __init__(self, means: Means) -> None:
        self._means = means
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
            while await self._means.records.claim(run_id):
                await Driving(run_id, wake=wake, means=self._means).to_rest()
                # A job that came while the rest was written has set it. Nothing may wait between this
                # look and the end, or such a job would be lost.
                if not wake.is_set():
                    return
                wake.clear()
        finally:
            del self._wakes[run_id]

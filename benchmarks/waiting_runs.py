"""What it costs to have many runs waiting for a person: memory and processor of the bot's process."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.prepared_runs import ACTOR, prepare
from benchmarks.runs_playbook import WAITING
from benchmarks.timed_runs import TimedRuns

SECONDS = 20.0
# After the last message was sent: what is done once in a while shall not fall into one measurement alone.
SETTLE_SECONDS = 5.0
AT_A_TIME = 8


@dataclass(frozen=True)
class Cost:
    """Resident memory in MB (10⁶ bytes) and the share of a core in percent."""

    megabytes: float
    core_percent: float


async def cost(pid: int) -> Cost:
    """What a process costs over 20 s."""
    await asyncio.sleep(SETTLE_SECONDS)
    ticks, began = _ticks(pid), time.perf_counter()
    await asyncio.sleep(SECONDS)
    seconds = time.perf_counter() - began
    used = (_ticks(pid) - ticks) / os.sysconf("SC_CLK_TCK")
    return Cost(_resident(pid) / 1e6, used / seconds * 100)


async def begin_waiting(timed: TimedRuns, environments: Sequence[str]) -> None:
    """Start a run in each environment that waits for a person, and wait until every message is sent."""
    services = timed.joined.services
    left = list(environments)

    async def begin() -> None:
        while left:
            confirmation = await prepare(services, environment=left.pop(), plan=WAITING)
            await services.confirmation.confirm(confirmation, actor=ACTOR)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_A_TIME):
            group.create_task(begin())
    async with asyncio.timeout(300):
        while True:
            async with timed.joined.store.reading() as tx:
                if all(run.status == "waiting" for run in await tx.runs.active()):
                    break
            await asyncio.sleep(0.5)
    await timed.quiet()


def _ticks(pid: int) -> int:
    # The name, in parentheses, may hold anything; the user's and system's ticks are fields 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")

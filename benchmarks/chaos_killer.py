"""Kills the bots of one set-up at chosen moments, and starts them again."""

import asyncio
import os
import random
import signal
import time
from dataclasses import dataclass

from benchmarks.bot_under_test import BotUnderTest
from benchmarks.chaos_ledger import Act, Ledger
from benchmarks.chaos_records import ChaosRecords

# How long a taken-over run is waited for before its bot is started again all the same.
TAKEOVER_SECONDS = 20.0
_FREEZES = 0.2
_LOOK_SECONDS = 0.005
_ACT_SECONDS = 10.0


@dataclass(frozen=True)
class Strike:
    """A kill, or a freeze until `until`: when (seconds since 1970), what it hit, which runs were under way.

    `inside` are the acts of this bot that were going on.
    """

    at: float
    until: float
    inside: tuple[Act, ...]
    running: tuple[str, ...]
    frozen: bool = False


class Killer:
    """Strikes until it has killed as often as it was asked to. `strikes` is what it did."""

    def __init__(
        self,
        *,
        bots: tuple[BotUnderTest, ...],
        records: ChaosRecords,
        ledger: Ledger,
        chance: random.Random,
    ) -> None:
        self._bots = bots
        self._records = records
        self._ledger = ledger
        self._chance = chance
        self.strikes: list[Strike] = []

    @property
    def kills(self) -> list[Strike]:
        """The kills alone."""
        return [strike for strike in self.strikes if not strike.frozen]

    async def strike(self, kills: int) -> None:
        """Kill so often, at least a third of the times inside an act."""
        while len(self.kills) < kills:
            victim = self._chance.choice(self._bots)
            if len(self._bots) > 1 and self._chance.random() < _FREEZES:
                await self._freeze(victim)
                continue
            inside = sum(bool(strike.inside) for strike in self.kills)
            await self._moment(victim, act=inside * 3 <= len(self.kills))
            await self._kill(victim)
            if len(self._bots) > 1:
                await self._taken_over()
            await victim.start()
            if len(self._bots) > 1:
                await victim.ready()
        for bot in self._bots:
            await bot.ready()

    async def _moment(self, victim: BotUnderTest, *, act: bool) -> None:
        """Wait for a moment: inside an act, while it starts, or any other."""
        if act:
            await victim.ready()
            until = await self._act(victim)
            await asyncio.sleep(self._chance.uniform(0, max(0.0, until - time.time())))
        elif self._chance.random() < 0.25:
            await asyncio.sleep(self._chance.uniform(0, 1.5))
        else:
            await victim.ready()
            await asyncio.sleep(self._chance.uniform(0, 2.0))

    async def _act(self, victim: BotUnderTest) -> float:
        """Wait until the bot acts; when that will be over. Where all stands still, there is none."""
        end = time.monotonic() + _ACT_SECONDS
        while time.monotonic() < end:
            mine = self._acts(victim)
            if mine:
                return mine[-1].until
            await asyncio.sleep(_LOOK_SECONDS)
        return 0.0

    def _acts(self, victim: BotUnderTest) -> list[Act]:
        return [act for act in self._ledger.under_way(time.time()) if act.parent == victim.pid]

    async def _kill(self, victim: BotUnderTest) -> None:
        inside, at = tuple(self._acts(victim)), time.time()
        await victim.kill()
        # The end of a container or of the host takes the commands too; a kill of the bot alone does not.
        if inside and self._chance.random() < 0.5:
            for act in inside:
                _kill(act.pid)
        self._note(at, inside)

    async def _freeze(self, victim: BotUnderTest) -> None:
        await victim.ready()
        inside, at = tuple(self._acts(victim)), time.time()
        victim.freeze()
        running = self._running()
        await asyncio.sleep(self._chance.uniform(1.0, 12.0))
        victim.thaw()
        self.strikes.append(Strike(at, time.time(), inside, running, frozen=True))
        await asyncio.sleep(self._chance.uniform(0.5, 2.0))
        if not victim.runs:
            # It found that its place was taken, and ended; a supervisor starts it again.
            await victim.start()
            await victim.ready()

    def _note(self, at: float, inside: tuple[Act, ...]) -> None:
        self.strikes.append(Strike(at, at, inside, self._running()))

    def _running(self) -> tuple[str, ...]:
        return tuple(run for run, status in self._records.runs().items() if status == "running")

    async def _taken_over(self) -> None:
        """Wait until every run that was under way has gone on, driven by the other bot."""
        struck, last = self.strikes[-1], self._records.last_entry()
        end = time.monotonic() + TAKEOVER_SECONDS
        while time.monotonic() < end:
            gone_on = {entry.run for entry in self._records.noted(after=last) if entry.progress}
            if gone_on.issuperset(struck.running):
                return
            await asyncio.sleep(0.1)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it has ended meanwhile

"""One set-up under chaos: its database, bots, people and killer, from the first start to the figures."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.bot_under_test import BotUnderTest, bot_environment
from benchmarks.chaos_killer import Killer
from benchmarks.chaos_ledger import Ledger
from benchmarks.chaos_people import People
from benchmarks.chaos_plan import PLAN, chaos_stages
from benchmarks.chaos_records import ENDED_RUNS, ChaosRecords
from benchmarks.chaos_verdict import takeover_seconds_max, verdict
from benchmarks.run_playbook import write_playbook
from benchmarks.signed_person import SignedPerson
from bot.app import switchback
from bot.settings import Settings

ENVIRONMENTS = ("north", "south", "east", "west")
# A run that has not moved for so long, with everything answered, is stuck: far above `longest`.
STILL_SECONDS = 30.0
SECONDS_A_KILL = 30.0


@dataclass(frozen=True)
class SetUp:
    """One of the ways to run the bot. `replicas` are the names of the bots that share the database."""

    name: str
    database: str
    replicas: tuple[str, ...] = ("main",)


async def under_chaos(
    set_up: SetUp,
    *,
    kills: int,
    chance: random.Random,
    slack: str,
    session: aiohttp.ClientSession,
    folder: Path,
) -> dict[str, float]:
    """Kill so often, let everything come to its end, and hold the record against the ledger.

    Raises RuntimeError when a bot does not start, TimeoutError when it takes far longer than kills take.
    """
    ledger = Ledger(folder / "ledger.txt")
    playbooks = folder / "playbooks"
    write_playbook(playbooks, environments=ENVIRONMENTS, plans={PLAN: chaos_stages(ledger.file, chance)})
    environment = bot_environment(slack=slack, database=set_up.database, playbooks=playbooks)
    async with AsyncExitStack() as stack:
        bots = []
        for replica in set_up.replicas:
            started = _started(environment, replica=replica, session=session, folder=folder)
            bots.append(await stack.enter_async_context(started))
        joined = await stack.enter_async_context(switchback(Settings.load(environment)))
        records = stack.enter_context(closing(ChaosRecords(set_up.database)))
        killer = Killer(bots=tuple(bots), records=records, ledger=ledger, chance=chance)
        people = People(
            person=SignedPerson(session=session, slack=slack),
            bots=tuple(bots),
            services=joined.services,
            records=records,
            ledger=ledger,
            chance=chance,
        )
        async with asyncio.timeout(120 + kills * SECONDS_A_KILL):
            await _through(killer, people, records, kills)
        figures = verdict(records=records, ledger=ledger, strikes=killer.strikes, asked=people.asked)
        if len(bots) > 1:
            figures["takeover_seconds_max"] = takeover_seconds_max(records, killer.strikes)
        return {f"{set_up.name}_{name}": number for name, number in figures.items()}


@asynccontextmanager
async def _started(
    environment: Mapping[str, str], *, replica: str, session: aiohttp.ClientSession, folder: Path
) -> AsyncIterator[BotUnderTest]:
    bot = BotUnderTest(
        environment={**environment, "SWITCHBACK_REPLICA": replica},
        session=session,
        log=folder / f"bot-{replica}.log",
    )
    try:
        await bot.start()
        await bot.ready()
        yield bot
    finally:
        await bot.kill()


async def _through(killer: Killer, people: People, records: ChaosRecords, kills: int) -> None:
    """Runs and presses while the killer strikes; then only presses, until every run has ended or stands."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        answering = group.create_task(people.answer())
        rolling = [group.create_task(people.roll_back(name, over)) for name in ENVIRONMENTS]
        await killer.strike(kills)
        over.set()
        for one in rolling:
            await one
        await _settled(records)
        answering.cancel()


async def _settled(records: ChaosRecords) -> None:
    entry, since = records.last_entry(), time.monotonic()
    while any(status not in ENDED_RUNS for status in records.runs().values()):
        await asyncio.sleep(0.1)
        if (last := records.last_entry()) != entry:
            entry, since = last, time.monotonic()
        elif time.monotonic() - since > STILL_SECONDS:
            return

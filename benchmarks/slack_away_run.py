"""One bot in a workspace of its own, with the long run that Slack's absence falls into."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.bot_under_test import BotUnderTest, bot_environment
from benchmarks.prepared_runs import prepare
from benchmarks.serving import python, started
from benchmarks.signed_person import SignedPerson
from benchmarks.slack_away_plan import PLAN, write_plan
from benchmarks.slack_away_told import Told, channel_and_thread, compare
from benchmarks.timed_runs import TimedRuns
from bot.app import Switchback, switchback
from bot.domain.run import Run
from bot.sandbox.settings import LOCAL_BOT
from bot.settings import Settings

CHANNEL = "C0INCIDENTS"
_LOOK_SECONDS = 0.5
_SECONDS = 600.0


@dataclass
class AwayRun:
    """The bot, its workspace, and the run once it was confirmed."""

    bot: BotUnderTest
    joined: Switchback
    timed: TimedRuns
    session: aiohttp.ClientSession
    slack: str
    posts: list[str]
    log: Path
    run_id: str = ""

    async def confirm(self) -> None:
        """Start the run when all that came before it is told."""
        confirmation = await prepare(self.joined.services, environment="production", plan=PLAN)
        await self.timed.quiet()
        await self.timed.person.confirm(self.bot.url, confirmation)
        self.run_id = confirmation.preview_id

    async def slack_answers(self, mode: str) -> None:
        """Have every call of the Web API answered so from now on: ok, 500, 429, or hang."""
        async with self.session.post(f"{self.slack}/_control/faults", json={"api": mode}) as response:
            response.raise_for_status()

    def put_off(self) -> int:
        """How often the bot tried to tell something and had to put it off, by its log."""
        return self.log.read_text(encoding="utf-8").count("sender.not_now")

    async def seconds(self) -> float:
        """Wait for the end of the run; how long it took, as recorded. RuntimeError unless it went well."""
        async with asyncio.timeout(_SECONDS):
            while True:
                run = await self._run()
                if run.ended_at is not None:
                    break
                await asyncio.sleep(_LOOK_SECONDS)
        if run.status != "done" or run.ended_at is None:
            raise RuntimeError(f"run {run.id} is {run.status}")
        return (run.ended_at - run.confirmed_at).total_seconds()

    async def told(self) -> Told:
        """What Slack was told in the end: the lines of the timeline, the run's posts, and its last state."""
        await self.timed.quiet()
        run = await self._run()
        async with self.joined.store.reading() as tx:
            entries = await tx.incidents.timeline(run.incident)
        recorded = [line for entry in entries for line in f"{entry.actor}: {entry.text}".splitlines()]
        client = AsyncWebClient(token=LOCAL_BOT, base_url=f"{self.slack}/api/", session=self.session)
        messages, lines = await channel_and_thread(client, CHANNEL)
        ended = [text for text in messages if f"“{run.plan.title}” is done" in text]
        posts = [text for text in messages if text not in ended]
        return compare(recorded, lines) + compare(self.posts, posts) + Told(1, not ended, len(ended) > 1, 0)

    async def _run(self) -> Run:
        return await self.joined.services.steering.get(self.run_id)


@asynccontextmanager
async def away_run(folder: Path, session: aiohttp.ClientSession, *, steps: int) -> AsyncIterator[AwayRun]:
    """A workspace and a bot that is ready, with a run of so many steps to be confirmed."""
    posts = write_plan(folder / "playbooks", steps=steps)
    workspace = started(python("local_slack"), environment=os.environ, log=folder / "workspace.log")
    async with workspace as slack:
        environment = bot_environment(
            slack=slack, database=f"sqlite:///{folder / 'bot.db'}", playbooks=folder / "playbooks"
        )
        bot = BotUnderTest(environment=environment, session=session, log=folder / "bot.log")
        try:
            await bot.start()
            await bot.ready()
            async with switchback(Settings.load(environment)) as joined:
                person = SignedPerson(session=session, slack=slack)
                timed = TimedRuns(url=bot.url, joined=joined, person=person, folder=folder)
                yield AwayRun(bot, joined, timed, session, slack, posts, folder / "bot.log")
        finally:
            await bot.kill()

"""`make bench-ack`: the time to acknowledge, beside a bare Bolt application.

The real bot (`switchback run`, HTTP) and the peer (bare_bolt.py) take turns in one run, at the same local
workspace, with the same requests: 200 commands a second that open a modal, 50 presses a second that
change state. A latency counts from the moment its request was due. Each figure is the median of the
rounds' own percentiles.
"""

import asyncio
import gc
import os
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks import slack_forms
from benchmarks.figures import BUILD, conclude
from benchmarks.pressed_walks import MIGRATION, PressedWalks, open_walks, write_playbook
from benchmarks.serving import python, started
from benchmarks.signed_load import SignedLoad, percentile
from bot.domain.person import Actor
from bot.sandbox.settings import LOCAL_BOT, LOCAL_SIGNING
from bot.settings import Settings

WANTED = {"open_p99_ratio": "<= 1.3", "press_p99_ratio": "<= 1.5"}
PACKAGES = ("slack-bolt", "slack-sdk", "aiohttp", "sqlalchemy", "aiosqlite", "pydantic", "dbos")
ROUNDS, ROUND_SECONDS = 7, 5
OPENS_PER_SECOND, PRESSES_PER_SECOND = 200, 50
# No walk is pressed twice in a round, so that a press which waits does not make the next one stale.
WALKS = PRESSES_PER_SECOND * ROUND_SECONDS
WARM_UP = 50
QUIET_SECONDS = 180.0
FOLDER = BUILD / "bench-ack"
BOT = Path(sys.executable).parent / "switchback"


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: where it takes requests, and its database."""

    events: str
    database: Path


class Rounds:
    """Rounds of one side: the load, and the proof that each request had its effect."""

    def __init__(self, *, session: aiohttp.ClientSession, slack: str) -> None:
        self._session = session
        self._slack = slack

    async def opens(self, side: Side, count: int) -> list[float]:
        """Commands that open a modal. Raises RuntimeError unless each opened one."""
        before = int(await self._ask("opened"))
        triggers = (await self._ask(f"triggers?count={count}")).split()
        bodies = [
            slack_forms.command("/rollback", trigger_id=trigger, api_url=self._slack) for trigger in triggers
        ]
        milliseconds = await self._load(OPENS_PER_SECOND).offer(side.events, bodies)
        opened = int(await self._ask("opened")) - before
        if opened != count:
            raise RuntimeError(f"{count} commands opened {opened} modals")
        return milliseconds

    async def presses(self, side: Side, walks: PressedWalks, count: int) -> list[float]:
        """Presses of the walks' buttons, one walk after the other.

        Slack's own limits hold meanwhile: about one message a second and channel is sent.
        """
        pressed = [walks.press() for _ in range(count)]
        bodies = [
            slack_forms.press(action_id=button.action_id, value=button.value, api_url=self._slack)
            for button in pressed
        ]
        await self._limit(True)
        try:
            return await self._load(PRESSES_PER_SECOND).offer(side.events, bodies)
        finally:
            await self._limit(False)

    async def _limit(self, limited: bool) -> None:
        async with self._session.post(
            f"{self._slack}/_control/faults", json={"rate_limits": limited}
        ) as answer:
            answer.raise_for_status()

    def _load(self, per_second: float) -> SignedLoad:
        return SignedLoad(session=self._session, secret=LOCAL_SIGNING, per_second=per_second)

    async def _ask(self, what: str) -> str:
        async with self._session.get(f"{self._slack}/benchmark/{what}") as response:
            response.raise_for_status()
            return await response.text()


async def quiet(database: Path) -> None:
    """Wait until the bot has sent every message and done every job, so that each round begins alike."""
    end = time.monotonic() + QUIET_SECONDS
    while (left := _left(database)) > 0:
        if time.monotonic() > end:
            raise RuntimeError(f"the bot has {left} messages and jobs left after {QUIET_SECONDS:g} s")
        await asyncio.sleep(0.25)


def _left(database: Path) -> int:
    messages = "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending')"
    jobs = "SELECT count(*) FROM workflow_status WHERE status IN ('ENQUEUED', 'PENDING')"
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return sum(int(connection.execute(query).fetchone()[0]) for query in (messages, jobs))


async def measure() -> int:
    """Start everything, measure the rounds, and conclude."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    write_playbook(FOLDER / "playbooks", walks=WALKS)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        session = await enter(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        slack = await enter(
            started(python("local_slack"), environment=os.environ, log=FOLDER / "workspace.log")
        )
        environment = _environment(slack)
        bot_url = await enter(started((str(BOT), "run"), environment=environment, log=FOLDER / "bot.log"))
        bot = Side(f"{bot_url}/slack/events", FOLDER / "bot.db")
        await _ready(session, bot_url)
        actor = Actor(slack_forms.PERSON, slack_forms.PERSON_NAME)
        walks = await open_walks(Settings.load(environment), walks=WALKS, actor=actor)
        bare_database = FOLDER / "bare.db"
        command = [*python("bare_bolt"), "--api-url", f"{slack}/api/", "--database", str(bare_database)]
        command += ["--rows", str(walks.rows), "--migration", MIGRATION, "Workforce planning"]
        bare_url = await enter(started(command, environment=os.environ, log=FOLDER / "bare.log"))
        bare = Side(f"{bare_url}/slack/events", bare_database)
        return await _compare(Rounds(session=session, slack=slack), bot, bare, walks)


def _environment(slack: str) -> dict[str, str]:
    taken = {
        name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "SWITCHBACK_"))
    }
    return {
        **taken,
        "SLACK_API_URL": f"{slack}/api/",
        "SLACK_BOT_TOKEN": LOCAL_BOT,
        "SLACK_SIGNING_SECRET": LOCAL_SIGNING,
        "SWITCHBACK_DATABASE_URL": f"sqlite:///{FOLDER / 'bot.db'}",
        "SWITCHBACK_PLAYBOOKS": str(FOLDER / "playbooks"),
        "SWITCHBACK_PORT": "0",
    }


async def _ready(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(30):
        while True:
            async with session.get(f"{url}/readyz") as response:
                if response.status == 200:
                    return
            await asyncio.sleep(0.05)


async def _compare(rounds: Rounds, bot: Side, bare: Side, walks: PressedWalks) -> int:
    imagined = PressedWalks(("bare",), walks.rows, {"bare": 1})
    turns: Mapping[str, Callable[[int], Awaitable[list[float]]]] = {
        "open": lambda count: rounds.opens(bot, count),
        "bare_open": lambda count: rounds.opens(bare, count),
        "press": lambda count: rounds.presses(bot, walks, count),
        "bare_press": lambda count: rounds.presses(bare, imagined, count),
    }
    found: dict[str, list[list[float]]] = {turn: [] for turn in turns}
    for number in range(-1, ROUNDS):
        # Whoever went second in a round goes first in the next: the machine's moods fall on both.
        for turn in list(turns) if number % 2 else [*turns][1::-1] + [*turns][:1:-1]:
            await quiet(bot.database)
            seconds = ROUND_SECONDS if number >= 0 else WARM_UP / PRESSES_PER_SECOND
            rate = OPENS_PER_SECOND if "open" in turn else PRESSES_PER_SECOND
            milliseconds = await turns[turn](int(seconds * rate))
            if number >= 0:
                found[turn].append(milliseconds)
        if number >= 0:
            print(_line(number, found), flush=True)
    await quiet(bot.database)
    walks.check(bot.database)
    _check_rows(bare.database, sum(map(len, found["bare_press"])) + WARM_UP, walks.rows)
    return _concluded(found, walks)


def _line(number: int, found: Mapping[str, list[list[float]]]) -> str:
    p99 = ", ".join(f"{turn} {percentile(rounds[-1], 99):.1f}" for turn, rounds in found.items())
    return f"round {number + 1} of {ROUNDS}, p99 in ms: {p99} (load {os.getloadavg()[0]:.1f})"


def _check_rows(database: Path, presses: int, rows: int) -> None:
    with closing(sqlite3.connect(database)) as connection:
        found = int(connection.execute("SELECT count(*) FROM presses").fetchone()[0])
    if found != presses * rows:
        raise RuntimeError(f"the bare application has {found} rows of {presses * rows}")


def _concluded(found: Mapping[str, list[list[float]]], walks: PressedWalks) -> int:
    figures: dict[str, float] = {}
    for turn, rounds in found.items():
        for percent in (50, 99):
            figures[f"{turn}_p{percent}_ms"] = statistics.median(percentile(each, percent) for each in rounds)
    ratios = {
        f"{kind}_p99_ratio": figures[f"{kind}_p99_ms"] / figures[f"bare_{kind}_p99_ms"]
        for kind in ("open", "press")
    }
    return conclude(
        "bench-ack",
        figures={**ratios, **figures},
        wanted=WANTED,
        measured_with={
            "rounds": ROUNDS,
            "seconds_a_round": ROUND_SECONDS,
            "opens_per_second": OPENS_PER_SECOND,
            "presses_per_second": PRESSES_PER_SECOND,
            "requests": {turn: sum(map(len, rounds)) for turn, rounds in found.items()},
            "walks": len(walks.walks),
            "rows_in_one_commit": walks.rows,
            "slack_rate_limits_during_presses": True,
            "rounds_p99_ms": {
                turn: [round(percentile(each, 99), 2) for each in rounds] for turn, rounds in found.items()
            },
        },
        packages=PACKAGES,
    )


if __name__ == "__main__":
    # A pause of the load would be counted as one of whoever is measured.
    gc.disable()
    sys.exit(asyncio.run(measure()))

"""`make bench-runs`: what a step costs beyond its command, beside a shell script and ansible-playbook.

The two bots (SQLite, PostgreSQL), the script and ansible-playbook do the same twenty small commands in
turns, in one run. Then: how long a press takes to its effect, and what a thousand waiting runs cost.
"""

import asyncio
import os
import shutil
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp

from benchmarks.bot_under_test import BotUnderTest, bot_environment
from benchmarks.figures import BUILD, conclude
from benchmarks.postgres_server import new_database, postgres_server
from benchmarks.run_peers import ANSIBLE, ENVIRONMENT, Peers
from benchmarks.runs_playbook import STEPS, write_plans
from benchmarks.serving import ended_by_a_signal, python, started
from benchmarks.signed_person import SignedPerson
from benchmarks.timed_runs import TimedRuns
from benchmarks.waiting_runs import begin_waiting, cost
from bot.app import switchback
from bot.settings import Settings

ROUNDS = 7
PRESSES = 30
WAITING_RUNS = 1000
WANTED = {
    "overhead_ms_per_step_sqlite": "<= 10",
    "overhead_ms_per_step_postgres": "<= 10",
    "ansible_ratio_sqlite": ">= 20",
    "ansible_ratio_postgres": ">= 20",
    "press_to_effect_ms_sqlite": "<= 100",
    "press_to_effect_ms_postgres": "<= 100",
    "waiting_1000_runs_mb": "<= 50",
    "waiting_1000_runs_core_percent": "<= 5",
}
PACKAGES = ("dbos", "sqlalchemy", "psycopg", "slack-bolt", "aiohttp", "pydantic")
FOLDER = BUILD / "bench-runs"

Measured = dict[str, list[float]]


async def measure() -> int:
    """Start everything, measure, and conclude."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    await ENVIRONMENT.install()
    async with aiohttp.ClientSession() as session:
        local_slack = started(python("local_slack"), environment=os.environ, log=FOLDER / "workspace.log")
        async with local_slack as slack:
            seconds, presses = await _steps_and_presses(session, slack)
            waiting = await _waiting(session, slack)
    return conclude(
        "bench-runs",
        figures={**_figures(seconds, presses), **waiting},
        wanted=WANTED,
        measured_with={
            "rounds": ROUNDS,
            "steps_a_run": STEPS,
            "presses": 2 * PRESSES,
            "waiting_runs": WAITING_RUNS,
            "ansible_core": ANSIBLE,
            "rounds_ms": {name: [round(one * 1000, 1) for one in rounds] for name, rounds in seconds.items()},
        },
        packages=PACKAGES,
    )


async def _steps_and_presses(session: aiohttp.ClientSession, slack: str) -> tuple[Measured, Measured]:
    async with AsyncExitStack() as stack:
        server = stack.enter_context(postgres_server())
        enter = stack.enter_async_context
        sqlite = await enter(_bot("sqlite", _sqlite("sqlite"), session, slack))
        postgres = await enter(_bot("postgres", new_database(server, "bench"), session, slack))
        (FOLDER / "peers").mkdir()
        peers = Peers(FOLDER / "peers")
        seconds = await _rounds(
            {
                "shell": peers.shell,
                "sqlite": sqlite[0].long,
                "postgres": postgres[0].long,
                "ansible": peers.ansible,
            }
        )
        presses = await _presses({"sqlite": sqlite[0], "postgres": postgres[0]})
    return seconds, presses


async def _rounds(turns: Mapping[str, Callable[[], Awaitable[float]]]) -> Measured:
    """The seconds of each one's rounds; a first round warms up and does not count."""
    found: Measured = {name: [] for name in turns}
    for number in range(-1, ROUNDS):
        order = list(turns) if number % 2 else list(turns)[::-1]
        for name in order:
            seconds = await turns[name]()
            if number >= 0:
                found[name].append(seconds)
        if number >= 0:
            line = ", ".join(f"{name} {rounds[-1] * 1000:.0f}" for name, rounds in found.items())
            print(f"round {number + 1} of {ROUNDS}, {STEPS} steps in ms: {line}", flush=True)
    return found


async def _presses(bots: Mapping[str, TimedRuns]) -> Measured:
    found: Measured = {name: [] for name in bots}
    for _ in range(PRESSES):
        for name, timed in bots.items():
            found[name].extend(await timed.short())
    return found


def _figures(seconds: Measured, presses: Measured) -> dict[str, float]:
    median = {name: statistics.median(rounds) for name, rounds in seconds.items()}
    over = {name: (median[name] - median["shell"]) / STEPS * 1000 for name in median if name != "shell"}
    ours = ("sqlite", "postgres")
    return {
        **{f"overhead_ms_per_step_{name}": milliseconds for name, milliseconds in over.items()},
        **{f"ansible_ratio_{name}": over["ansible"] / over[name] for name in ours},
        "shell_ms_per_step": median["shell"] / STEPS * 1000,
        **{f"press_to_effect_ms_{name}": statistics.median(presses[name]) for name in ours},
    }


async def _waiting(session: aiohttp.ClientSession, slack: str) -> dict[str, float]:
    environments = [f"env-{number}" for number in range(WAITING_RUNS)]
    async with _bot("waiting", _sqlite("waiting"), session, slack, *environments) as (timed, bot):
        idle = await cost(bot.pid)
        await begin_waiting(timed, environments)
        waiting = await cost(bot.pid)
    return {
        "waiting_1000_runs_mb": waiting.megabytes - idle.megabytes,
        "waiting_1000_runs_core_percent": waiting.core_percent - idle.core_percent,
        "idle_mb": idle.megabytes,
        "idle_core_percent": idle.core_percent,
    }


def _sqlite(name: str) -> str:
    return f"sqlite:///{FOLDER / name / 'bot.db'}"


@asynccontextmanager
async def _bot(
    name: str, database: str, session: aiohttp.ClientSession, slack: str, *environments: str
) -> AsyncIterator[tuple[TimedRuns, BotUnderTest]]:
    """A bot with a database of its own, and what times its runs."""
    place = FOLDER / name
    folder = write_plans(place / "playbooks", environments=environments)
    environment = bot_environment(slack=slack, database=database, playbooks=place / "playbooks")
    bot = BotUnderTest(environment=environment, session=session, log=place / "bot.log")
    try:
        await bot.start()
        await bot.ready()
        async with switchback(Settings.load(environment)) as joined:
            person = SignedPerson(session=session, slack=slack)
            yield TimedRuns(url=bot.url, joined=joined, person=person, folder=folder), bot
    finally:
        await bot.kill()


if __name__ == "__main__":
    sys.exit(asyncio.run(ended_by_a_signal(measure())))

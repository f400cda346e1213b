"""`make chaos`: the real bot killed again and again (kill -9), and its records held against the ledger.

The ledger is a file that the steps themselves write; it lies outside of every database, and is the
witness. KILLS says how often in all, SEED makes the choices the same again.
"""

import asyncio
import os
import random
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path

import aiohttp

from benchmarks.chaos_setup import SetUp, under_chaos
from benchmarks.figures import BUILD, conclude
from benchmarks.postgres_server import new_database, postgres_server
from benchmarks.serving import ended_by_a_signal, python, started

PACKAGES = ("dbos", "sqlalchemy", "psycopg", "slack-bolt", "aiohttp", "pydantic")
FOLDER = BUILD / "chaos"


def wanted() -> dict[str, str]:
    """What has to hold."""
    names = ("sqlite", "postgres", "replicas")
    none = ("lost", "twice", "guessed", "stuck", "audit_breaks")
    found = {f"{name}_{figure}": "== 0" for name in names for figure in none}
    return {**found, "replicas_takeover_seconds_max": "<= 10"}


async def measure(*, kills: int, seed: int, folder: Path, together: bool = False) -> dict[str, float]:
    """The figures of all set-ups, with at least so many kills in all. Everything is left in the folder.

    One set-up comes after the other, so that none slows another's recovery, or all come together.
    """
    figures: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        slack = await stack.enter_async_context(
            started(python("local_slack"), environment=os.environ, log=folder / "workspace.log")
        )
        set_ups = stack.enter_context(_set_ups(folder))
        share = -(-kills // len(set_ups))
        turns = asyncio.Semaphore(len(set_ups) if together else 1)

        async def one(set_up: SetUp) -> None:
            async with turns:
                found = await under_chaos(
                    set_up,
                    kills=share,
                    chance=random.Random(f"{seed}:{set_up.name}"),
                    slack=slack,
                    session=session,
                    folder=folder / set_up.name,
                )
            print(", ".join(f"{name} {number:g}" for name, number in found.items()), flush=True)
            figures.update(found)

        async with asyncio.TaskGroup() as group:
            for set_up in set_ups:
                group.create_task(one(set_up))
    return figures


@contextmanager
def _set_ups(folder: Path) -> Iterator[list[SetUp]]:
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        found = [
            SetUp("sqlite", f"sqlite:///{folder / 'sqlite' / 'bot.db'}"),
            SetUp("postgres", new_database(server, "restarted")),
            SetUp("replicas", new_database(server, "replicated"), ("a", "b")),
        ]
        for set_up in found:
            (folder / set_up.name).mkdir(parents=True)
        yield found


def main() -> int:
    """Measure with KILLS and SEED of the environment, and conclude."""
    kills = int(os.environ.get("KILLS") or 200)
    seed = int(os.environ.get("SEED") or secrets.randbelow(1_000_000))
    print(f"KILLS={kills} SEED={seed}", flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    figures = asyncio.run(ended_by_a_signal(measure(kills=kills, seed=seed, folder=FOLDER)))
    return conclude(
        "chaos",
        figures=figures,
        wanted=wanted(),
        measured_with={"kills": kills, "seed": seed},
        packages=PACKAGES,
    )


if __name__ == "__main__":
    sys.exit(main())

"""`make bench-slack-away`: Slack answers 500, then 429, then nothing, for two minutes inside a run.

Beside each such run the same one is done by another bot in another workspace, to which nothing happens.
"""

import asyncio
import shutil
import sys
import time
from pathlib import Path

import aiohttp

from benchmarks.figures import BUILD, conclude
from benchmarks.serving import ended_by_a_signal
from benchmarks.slack_away_plan import STEP_SECONDS
from benchmarks.slack_away_run import away_run

KINDS = ("500", "429", "hang")
AWAY_SECONDS = 120.0
# From the confirmation to the moment in which Slack goes away.
BEFORE_SECONDS = 3.0
# The run begins before Slack goes away, and ends some seconds after it is back.
STEPS = 110
PACKAGES = ("dbos", "sqlalchemy", "slack-bolt", "slack-sdk", "aiohttp", "pydantic")
FOLDER = BUILD / "bench-slack-away"


def wanted() -> dict[str, str]:
    """What has to hold."""
    limits = {"ratio": "<= 1.05", "lost": "== 0", "twice": "== 0", "out_of_order": "== 0"}
    # Otherwise Slack was not away, or the run ended before it was back.
    limits |= {"put_off": ">= 5", "run_seconds": f">= {BEFORE_SECONDS + AWAY_SECONDS}"}
    return {f"{kind}_{figure}": limit for kind in KINDS for figure, limit in limits.items()}


async def measure(*, away_seconds: float, steps: int, folder: Path) -> dict[str, float]:
    """The figures of all kinds, one kind after the other."""
    figures: dict[str, float] = {}
    async with aiohttp.ClientSession() as session:
        for kind in KINDS:
            found = await _of_kind(
                kind, session, away_seconds=away_seconds, steps=steps, folder=folder / kind
            )
            print(f"{kind}: {', '.join(f'{name} {number:g}' for name, number in found.items())}", flush=True)
            figures |= {f"{kind}_{name}": number for name, number in found.items()}
    return figures


async def _of_kind(
    kind: str, session: aiohttp.ClientSession, *, away_seconds: float, steps: int, folder: Path
) -> dict[str, float]:
    async with (
        away_run(folder / "disturbed", session, steps=steps) as disturbed,
        away_run(folder / "beside", session, steps=steps) as beside,
    ):
        await asyncio.gather(disturbed.confirm(), beside.confirm())
        await asyncio.sleep(BEFORE_SECONDS)
        await disturbed.slack_answers(kind)
        await asyncio.sleep(away_seconds)
        await disturbed.slack_answers("ok")
        back = time.monotonic()
        took, took_beside = await asyncio.gather(disturbed.seconds(), beside.seconds())
        told = await disturbed.told()
        told_after = time.monotonic() - back
        # What is counted has to be right where nothing happened, too.
        told_beside = await beside.told()
    if (told_beside.lost, told_beside.twice, told_beside.out_of_order) != (0, 0, 0):
        raise RuntimeError(f"the run beside was told wrongly: {told_beside}")
    return {
        "run_seconds": took,
        "beside_seconds": took_beside,
        "ratio": took / took_beside,
        "messages": told.wanted,
        "lost": told.lost,
        "twice": told.twice,
        "out_of_order": told.out_of_order,
        "put_off": disturbed.put_off(),
        "all_told_after_seconds": told_after,
    }


def main() -> int:
    """Measure, and conclude."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    figures = asyncio.run(ended_by_a_signal(measure(away_seconds=AWAY_SECONDS, steps=STEPS, folder=FOLDER)))
    return conclude(
        "bench-slack-away",
        figures=figures,
        wanted=wanted(),
        measured_with={"away_seconds": AWAY_SECONDS, "steps": STEPS, "step_seconds": STEP_SECONDS},
        packages=PACKAGES,
    )


if __name__ == "__main__":
    sys.exit(main())

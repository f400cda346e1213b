"""The history of the sync jobs: one every hour, for two months."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from examples.clubos.club import written

WINDOW = 14 * 24
"""The jobs of the last 14 days, which count."""
ALL = 60 * 24


@dataclass(frozen=True)
class Job:
    """One run of the sync."""

    id: int
    kind: str
    started: str
    ended: str
    status: str
    rows: int


def history(now: datetime, failed: int, random_: random.Random) -> list[Job]:
    """Every hour until the last full one, with so many failures within the last 14 days, and more before."""
    wrong = set(random_.sample(range(ALL - WINDOW, ALL), failed))
    wrong |= set(random_.sample(range(ALL - WINDOW), failed * 4))
    jobs = []
    for number in range(ALL):
        started = now - timedelta(hours=ALL - number)
        status = "failed" if number in wrong else "succeeded"
        rows = 0 if number in wrong else random_.randrange(12)
        jobs.append(
            Job(
                number + 1,
                "incremental",
                written(started),
                written(started + timedelta(seconds=20)),
                status,
                rows,
            )
        )
    return jobs

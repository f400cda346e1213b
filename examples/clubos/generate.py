"""Builds the two databases of the clubos example, with differences that are known in advance.

    python examples/clubos/generate.py --variant shadow --members 1200 --seed 11 --day 2026-03-14 --out data

The same seed, size, variant and day always give the same rows. `expected.json` holds every number that a
reconciliation in the morning of that day has to find, counted while the rows were made and not by asking
the databases.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from examples.clubos.club import club, last_morning, morning, written
from examples.clubos.expected import expected_checks
from examples.clubos.jobs import history
from examples.clubos.mistakes import SINCE, after_cutover, discrepant
from examples.clubos.tables import LEGACY_TABLES, NEW_TABLES, legacy_rows, new_rows
from examples.example_data import replace_all, write_database, write_json

FEWEST_MEMBERS = 200
FAILED_JOBS = {"shadow": 6, "clean": 1, "after-cutover": 1}
AUDIENCE = {"shadow": "nobody", "clean": "members", "after-cutover": "members"}
FOLDERS = ("backups", "mail", "preserved")
"""What the steps of the plans write to."""
VARIANTS = tuple(FAILED_JOBS)


@dataclass(frozen=True)
class Recipe:
    """What the data are made from; `day` is the one in whose morning they are as they are."""

    members: int = 1200
    variant: str = "shadow"
    seed: int = 11
    day: str = "2026-03-14"


def write_all(folder: Path, recipe: Recipe) -> None:
    """Both databases, the switches, and expected.json."""
    random_ = random.Random(recipe.seed)
    day = date.fromisoformat(recipe.day)
    legacy = club(recipe.members, day, random_)
    new, since, wrote = legacy, "", {}
    if recipe.variant == "shadow":
        new = discrepant(legacy, day, random_)
    elif recipe.variant == "after-cutover":
        new, later = after_cutover(legacy, day, random_)
        since = written(morning(day) - SINCE)
        wrote = {"registrations": len(later.registrations), "payments": len(later.payments)}
        wrote["contact_changes"] = len(later.changes)
    jobs = history(morning(day), FAILED_JOBS[recipe.variant], random_)
    write_database(folder / "legacy.db", LEGACY_TABLES, legacy_rows(legacy))
    write_database(folder / "new.db", NEW_TABLES, new_rows(new, jobs))
    write_json(folder / "legacy-writes.json", {"writes": "closed" if since else "open"})
    write_json(folder / "new-access.json", {"for": AUDIENCE[recipe.variant]})
    write_json(folder / "authority.json", {"system": "new" if since else "legacy", "since": since})
    checks = expected_checks(legacy, new, jobs, day)
    write_json(folder / "expected.json", asdict(recipe) | {"checks": checks, "since_cutover": wrote})


def main(
    arguments: list[str] | None = None, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> int:
    """Exit 0: the data are there as asked. Exit 1: others are there, and were left. Exit 2: bad usage."""
    parser = argparse.ArgumentParser(description="Build the databases of the clubos example.")
    parser.add_argument("--members", type=int, help="active members (default 1200, at least 200)")
    parser.add_argument("--variant", choices=VARIANTS, help="default shadow")
    parser.add_argument("--seed", type=int, help="default 11")
    parser.add_argument("--day", type=date.fromisoformat, help="as of its morning (default the last one)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data", help="folder to write")
    parser.add_argument("--force", action="store_true", help="replace data that are there")
    given = parser.parse_args(arguments)
    if given.members is not None and given.members < FEWEST_MEMBERS:
        parser.error(f"--members is at least {FEWEST_MEMBERS}: below that the tolerances tell nothing")
    asked = {"members": given.members, "variant": given.variant, "seed": given.seed}
    asked["day"] = given.day.isoformat() if given.day else None
    expected = given.out / "expected.json"
    if expected.exists() and not given.force:
        there = json.loads(expected.read_text(encoding="utf-8"))
        kept = Recipe(there["members"], there["variant"], there["seed"], there["day"])
        sys.stderr.write(f"{given.out} holds {kept}; it was left as it is. --force replaces it\n")
        return 1 if any(value not in (None, there[name]) for name, value in asked.items()) else 0
    wanted = replace(Recipe(), day=last_morning(now()).isoformat())
    wanted = replace(wanted, **{name: value for name, value in asked.items() if value is not None})
    replace_all(given.out, partial(write_all, recipe=wanted), folders=FOLDERS)
    sys.stderr.write(f"{given.out} holds {wanted} now\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

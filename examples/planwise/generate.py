"""Builds the two databases of the planwise example, with differences that are known in advance.

    python examples/planwise/generate.py --variant discrepant --employees 100000 --seed 7 --out data

The same seed, size and variant always give the same rows. `expected.json` holds every number that a
reconciliation has to find, counted while the rows were made and not by asking the databases.
"""

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path

from examples.example_data import Rows, replace_all, write_database, write_json
from examples.planwise.systems import LAST_YEAR, Employee, System, discrepant_system, legacy_system

FEWEST_EMPLOYEES = 1000
LEGACY_TABLES = """
    CREATE TABLE employees (employee_id INTEGER PRIMARY KEY, status TEXT NOT NULL, salary INTEGER NOT NULL,
                            level INTEGER NOT NULL);
    CREATE TABLE yearly_events (event_id INTEGER PRIMARY KEY, employee_id INTEGER NOT NULL,
                                event_type TEXT NOT NULL, event_year INTEGER NOT NULL);
    CREATE TABLE headcount (year INTEGER PRIMARY KEY, employees INTEGER NOT NULL);
"""
NEW_TABLES = """
    CREATE TABLE employees (employee_id INTEGER PRIMARY KEY, active_flag BOOLEAN NOT NULL,
                            current_compensation INTEGER NOT NULL, level_id INTEGER NOT NULL);
    CREATE TABLE workforce_snapshot (employee_id INTEGER PRIMARY KEY, current_compensation INTEGER NOT NULL);
    CREATE TABLE yearly_events (event_id INTEGER PRIMARY KEY, employee_id INTEGER NOT NULL,
                                event_type TEXT NOT NULL, simulation_year INTEGER NOT NULL);
    CREATE TABLE headcount (simulation_year INTEGER PRIMARY KEY, headcount INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Recipe:
    """What the data are made from."""

    employees: int = 100_000
    variant: str = "discrepant"
    seed: int = 7


def expected_checks(legacy: System, new: System) -> dict[str, dict[str, object]]:
    """What each check of the playbook has to find."""
    heads = [sum(one.active for one in system.employees) for system in (legacy, new)]
    pay = [sum(system.snapshot.values()) for system in (legacy, new)]
    levels = [Counter(str(one.level) for one in system.employees) for system in (legacy, new)]
    events = [Counter(event.type for event in system.events) for system in (legacy, new)]
    years = [(system.headcount[LAST_YEAR - 1], system.headcount[LAST_YEAR]) for system in (legacy, new)]
    return {
        "employee-count": _numbers(*heads, limit=Decimal(0)),
        "total-compensation": _numbers(*pay, limit=Decimal("0.1")),
        "level-distribution": _groups(*levels, limit=Decimal(0)),
        "event-counts": _groups(*events, limit=Decimal(2)),
        "growth-rate": _growth(*years, limit=Decimal("0.5")),
        "employees": _rows(legacy.employees, new.employees),
    }


def _numbers(legacy: int, new: int, *, limit: Decimal) -> dict[str, object]:
    variance = Decimal(new - legacy) * 100 / legacy
    status = "passed" if abs(variance) <= limit else "failed"
    return {"status": status, "legacy": legacy, "new": new, "variance": str(variance.normalize())}


def _groups(legacy: Counter[str], new: Counter[str], *, limit: Decimal) -> dict[str, object]:
    groups = {name: _numbers(legacy[name], new[name], limit=limit) for name in sorted(legacy | new)}
    status = "failed" if any(group["status"] == "failed" for group in groups.values()) else "passed"
    differing = [name for name, group in groups.items() if group["legacy"] != group["new"]]
    return {"status": status, "differing": differing, "groups": groups}


def _rows(legacy: list[Employee], new: list[Employee]) -> dict[str, object]:
    before, after = ({one.id: one for one in side} for side in (legacy, new))
    differing = {
        str(key): columns
        for key in sorted(before.keys() & after.keys())
        if (columns := _differing_columns(before[key], after[key]))
    }
    missing = {
        "missing_in_new": sorted(before.keys() - after.keys()),
        "missing_in_legacy": sorted(after.keys() - before.keys()),
    }
    status = "failed" if differing or any(missing.values()) else "passed"
    return {"status": status, "legacy": len(before), "new": len(after), **missing, "differing": differing}


def _differing_columns(legacy: Employee, new: Employee) -> list[str]:
    sides = {"status": (legacy.active, new.active), "level": (legacy.level, new.level)}
    sides["salary"] = (legacy.salary, new.salary)
    return [column for column, (before, after) in sides.items() if before != after]


def _growth(legacy: tuple[int, int], new: tuple[int, int], *, limit: Decimal) -> dict[str, object]:
    rates = [Decimal(now - before) * 100 / before for before, now in (legacy, new)]
    points = rates[1] - rates[0]
    status = "passed" if abs(points) <= limit else "failed"
    return {"status": status, "legacy": legacy, "new": new, "points": str(round(points, 6).normalize())}


def write_all(folder: Path, recipe: Recipe) -> None:
    """Both databases, the routing, the access switches, and expected.json."""
    random_ = random.Random(recipe.seed)
    legacy = legacy_system(recipe.employees, random_)
    new = discrepant_system(legacy, random_) if recipe.variant == "discrepant" else legacy
    legacy_rows: dict[str, Rows] = {
        "employees": (
            (one.id, "A" if one.active else "I", one.salary, one.level) for one in legacy.employees
        ),
        "yearly_events": ((one.id, one.employee, one.type, one.year) for one in legacy.events),
        "headcount": legacy.headcount.items(),
    }
    new_rows: dict[str, Rows] = {
        "employees": ((one.id, one.active, one.salary, one.level) for one in new.employees),
        "workforce_snapshot": new.snapshot.items(),
        "yearly_events": ((one.id, one.employee, one.type, one.year) for one in new.events),
        "headcount": new.headcount.items(),
    }
    write_database(folder / "legacy.db", LEGACY_TABLES, legacy_rows)
    write_database(folder / "new.db", NEW_TABLES, new_rows)
    write_json(folder / "routing.json", {"primary": "new"})
    for name in ("legacy", "new"):
        write_json(folder / f"{name}-access.json", {"open": True})
    write_json(folder / "expected.json", asdict(recipe) | {"checks": expected_checks(legacy, new)})


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: the data are there as asked. Exit 1: others are there, and were left. Exit 2: bad usage."""
    parser = argparse.ArgumentParser(description="Build the databases of the planwise example.")
    parser.add_argument("--employees", type=int, help="active employees (default 100000, at least 1000)")
    parser.add_argument("--variant", choices=("discrepant", "clean"), help="default discrepant")
    parser.add_argument("--seed", type=int, help="default 7")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data", help="folder to write")
    parser.add_argument("--force", action="store_true", help="replace data that are there")
    given = parser.parse_args(arguments)
    if given.employees is not None and given.employees < FEWEST_EMPLOYEES:
        parser.error(f"--employees is at least {FEWEST_EMPLOYEES}: below that the tolerances tell nothing")
    asked = {"employees": given.employees, "variant": given.variant, "seed": given.seed}
    wanted = replace(Recipe(), **{name: value for name, value in asked.items() if value is not None})
    expected = given.out / "expected.json"
    if expected.exists() and not given.force:
        there = json.loads(expected.read_text(encoding="utf-8"))
        kept = Recipe(there["employees"], there["variant"], there["seed"])
        sys.stderr.write(f"{given.out} holds {kept}; it was left as it is. --force replaces it\n")
        return 1 if any(value not in (None, there[name]) for name, value in asked.items()) else 0
    replace_all(given.out, lambda folder: write_all(folder, wanted), folders=("preserved",))
    sys.stderr.write(f"{given.out} holds {wanted} now\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What every benchmark ends with: a table for people, and the same as JSON under build/."""

import json
import operator
import os
import platform
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build"

Detail = str | int | float | bool | Sequence["Detail"] | Mapping[str, "Detail"]

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "==": operator.eq,
}


def holds(figure: float, wanted: str) -> bool:
    """Whether a figure is as wanted: a comparison and a number, as in "<= 1.3"."""
    comparison, limit = wanted.split()
    return _COMPARISONS[comparison](figure, float(limit))


def conclude(
    name: str,
    *,
    figures: Mapping[str, float],
    wanted: Mapping[str, str],
    measured_with: Mapping[str, Detail],
    packages: Sequence[str],
) -> int:
    """Print the table and write build/NAME.json. The exit status: 0 when all is as wanted, otherwise 1.

    `measured_with` tells the sizes and counts; the versions of the `packages`, of Python and of SQLite
    are added to it. KeyError when a wanted figure was not measured.
    """
    kept = {figure: holds(figures[figure], limit) for figure, limit in wanted.items()}
    content = {
        "figures": {figure: round(number, 3) for figure, number in figures.items()},
        "wanted": dict(wanted),
        "holds": all(kept.values()),
        "measured_with": {**measured_with, "machine": _machine(), "versions": _versions(packages)},
    }
    BUILD.mkdir(exist_ok=True)
    file = BUILD / f"{name}.json"
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(_table(figures, wanted, kept))
    print(f"\n{file.relative_to(BUILD.parent)}: {'all' if content['holds'] else 'not all'} as wanted")
    return 0 if content["holds"] else 1


def _table(figures: Mapping[str, float], wanted: Mapping[str, str], kept: Mapping[str, bool]) -> str:
    width = max(map(len, figures))
    lines = [f"{'figure':<{width}}  {'measured':>10}  wanted"]
    for figure, number in figures.items():
        verdict = ""
        if figure in wanted:
            verdict = f"{wanted[figure]}  {'holds' if kept[figure] else 'MISSED'}"
        lines.append(f"{figure:<{width}}  {number:>10.3f}  {verdict}".rstrip())
    return "\n".join(lines)


def _machine() -> dict[str, Detail]:
    return {"cores": os.cpu_count() or 0, "kernel": platform.release(), "architecture": platform.machine()}


def _versions(packages: Sequence[str]) -> dict[str, Detail]:
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{package: version(package) for package in packages},
    }

"""The figures of `make bench-reconcile`, and what is wanted of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.employee_tables import CASES, Case
from benchmarks.figures import BUILD
from benchmarks.row_comparers import OURS, PEERS, RAW
from benchmarks.row_rounds import Rounds

NAME = "bench-reconcile"
ALLOWANCE_SECONDS = 0.15
"""What a run may take beyond its ratio where the tables are smaller than a target is meant for."""

SMALL, LARGE = 1_000_000, 10_000_000
_GROWTH = "memory_growth_percent"


@dataclass(frozen=True)
class Target:
    """What is wanted of a case for tables of `rows` rows and more; the source is the project's issue 4."""

    ratio: float
    megabytes: float | None
    rows: int


TARGETS: Mapping[str, Target] = {
    "pg_two_0": Target(1.3, 64, LARGE),
    "pg_two_10": Target(1.4, 64, LARGE),
    "pg_two_1000": Target(2.0, 100, LARGE),
    "pg_one_10": Target(1.4, None, LARGE),
    "sqlite_10": Target(1.3, 256, SMALL),
    "mixed_10": Target(1.3, 256, SMALL),
}


def figures(found: Rounds, *, rows: int) -> dict[str, float]:
    """All that was measured, ours without a prefix."""
    ours: dict[str, float] = {}
    for case in CASES:
        ours[case.name] = found.ratio(OURS, case)
        if (target := TARGETS.get(case.name)) and rows < target.rows:
            ours[_less(case.name)] = found.ratio(OURS, case, less=ALLOWANCE_SECONDS)
        ours[f"{case.name}_mb"] = found.megabytes(OURS, case)
    leads = {
        f"{peer}_least_lead": min(found.lead(peer, case) for case in cases) for peer, cases in _peers(found)
    }
    theirs: dict[str, float] = {}
    for peer, cases in _peers(found):
        for case in cases:
            theirs[f"{peer}_{case.name}"] = found.ratio(peer, case)
            theirs[f"{peer}_{case.name}_mb"] = found.megabytes(peer, case)
    wrong = {f"{peer}_wrong_keys": _wrong(found, peer) for peer, _cases in _peers(found)}
    raw = {f"{RAW}_{case.name}_seconds": found.seconds(RAW, case) for case in CASES}
    exact = {"wrong_keys": _wrong(found, OURS)}
    return {**ours, **exact, **_growth(ours, rows), **leads, **theirs, **wrong, **raw}


def wanted(measured: Mapping[str, float], *, rows: int) -> dict[str, str]:
    """The limits of the figures; of a smaller table the allowance is taken off first."""
    limits: dict[str, str] = {"wrong_keys": "== 0"}
    for name, target in TARGETS.items():
        limits[name if rows >= target.rows else _less(name)] = f"<= {target.ratio:g}"
        if target.megabytes is not None:
            limits[f"{name}_mb"] = f"<= {target.megabytes:g}"
    limits.update((figure, "> 1") for figure in measured if figure.endswith("_least_lead"))
    if _GROWTH in measured:
        limits[_GROWTH] = "< 10"
    return limits


def kept(rows: int) -> Path:
    """Where the figures of a size are kept for the other size to be held against."""
    return BUILD / f"{NAME}-{rows}.json"


def _peers(found: Rounds) -> Iterator[tuple[str, list[Case]]]:
    for peer in PEERS:
        if cases := [case for case in CASES if (peer.name, case.name) in found.turns]:
            yield peer.name, cases


def _less(name: str) -> str:
    return f"{name}_less_allowance"


def _wrong(found: Rounds, comparer: str) -> int:
    return sum(count for (name, _case), count in found.wrong.items() if name == comparer)


def _growth(ours: Mapping[str, float], rows: int) -> dict[str, float]:
    """By how much ours takes more memory for the large tables, in the case where that is most."""
    other = {SMALL: LARGE, LARGE: SMALL}.get(rows)
    if other is None or not kept(other).exists():
        return {}
    before: Mapping[str, float] = json.loads(kept(other).read_text(encoding="utf-8"))["figures"]
    small, large = (ours, before) if rows == SMALL else (before, ours)
    names = [f"{case.name}_mb" for case in CASES]
    return {_GROWTH: max((large[name] / small[name] - 1) * 100 for name in names)}

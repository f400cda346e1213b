"""Who compares rows in `make bench-reconcile`: the raw limit, ours, and the peers that can do the pair."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.comparers.turn import Answer, Side
from benchmarks.employee_tables import DIFFERING, PAIRS, Case
from benchmarks.figures import BUILD
from benchmarks.own_environment import OwnEnvironment
from benchmarks.serving import completed

RAW, OURS = "raw", "ours"
SECONDS_A_TURN = 1800.0
_FOLDER = Path(__file__).resolve().parent / "comparers"
_ON_POSTGRESQL = ("pg_two", "pg_one")


@dataclass(frozen=True)
class RowComparer:
    """One of them. `environment` is None for the project's own; `most_rows` is where it stops being tried."""

    name: str
    module: str
    environment: OwnEnvironment | None
    pairs: Sequence[str] = PAIRS
    differing: Sequence[int] = DIFFERING
    most_rows: float = float("inf")

    def does(self, case: Case, rows: int) -> bool:
        """Whether it is measured on the case."""
        return case.pair in self.pairs and case.differing in self.differing and rows <= self.most_rows

    async def turn(self, legacy: Side, new: Side, *, folder: Path) -> Answer:
        """One comparison in a process of its own.

        Raises RuntimeError when it fails, TimeoutError after half an hour.
        """
        file = folder / "answer.json"
        file.unlink(missing_ok=True)
        request = json.dumps({"legacy": asdict(legacy), "new": asdict(new), "answer": str(file)})
        python = self.environment.program("python") if self.environment else sys.executable
        command = [python, "-m", f"benchmarks.comparers.{self.module}", request]
        async with asyncio.timeout(SECONDS_A_TURN):
            await completed(command, cwd=BUILD.parent, environment=dict(os.environ))
        return Answer(**json.loads(file.read_text(encoding="utf-8")))


def _own(name: str) -> OwnEnvironment:
    return OwnEnvironment.of_file(_FOLDER / f"{name}.txt")


OURS_TURN = RowComparer(OURS, "ours_turn", None)
RAW_FETCH_TURN = RowComparer(RAW, "raw_fetch_turn", None, pairs=("sqlite", "mixed"))
COMPARERS = (
    RowComparer(RAW, "raw_hashes_turn", None, pairs=_ON_POSTGRESQL),
    RAW_FETCH_TURN,
    OURS_TURN,
    RowComparer("reladiff", "reladiff_turn", _own("reladiff"), pairs=_ON_POSTGRESQL),
    # What these two do depends on the rows alone, not on how many of them differ.
    RowComparer("datacompy", "datacompy_turn", _own("datacompy"), differing=(10,), most_rows=1_000_000),
    RowComparer("pso", "pso_turn", _own("pso"), pairs=_ON_POSTGRESQL, differing=(10,), most_rows=1_000_000),
)
PEERS = tuple(comparer for comparer in COMPARERS if comparer.environment is not None)

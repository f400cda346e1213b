"""One turn of one comparer: a process of its own that compares two tables once, timed and weighed.

It runs in environments that know nothing of ours, so this imports the standard library alone.
"""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

KEY = "employee_id"
COLUMNS = (KEY, "full_name", "department", "salary", "level", "hired_on")

_PROCESS = Path("/proc/self")
_PEAK_TO_NOW = "5"
"""What resets the peak of the resident memory, as in proc(5): /proc/pid/clear_refs."""


@dataclass(frozen=True)
class Side:
    """A table: a file of SQLite, or a database of PostgreSQL that is reached over a unix socket."""

    table: str
    file: str = ""
    host: str = ""
    database: str = ""
    user: str = ""

    @property
    def is_postgresql(self) -> bool:
        """Whether it is there, and not in a file."""
        return not self.file

    @property
    def libpq_url(self) -> str:
        """A PostgreSQL URL as libpq reads it."""
        return f"postgresql://{self.user}@/{self.database}?host={self.host}"


@dataclass(frozen=True)
class Answer:
    """What a turn found: the differing keys, None for what only reads; and what it took."""

    keys: list[int] | None
    rows: int | None
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Found:
    """The keys of all rows that differ, or are on one side alone; or the rows that were read of both."""

    keys: Iterable[int] | None = None
    rows: int | None = None


def take_turn(compare: Callable[[Side, Side], Found]) -> None:
    """Compare the two sides of the request in argv, and write the answer to the file that it names.

    The megabytes are the peak while comparing, minus what was resident after all imports.
    """
    request = json.loads(sys.argv[1])
    legacy, new = Side(**request["legacy"]), Side(**request["new"])
    gc.collect()
    before = _kilobytes("VmRSS")
    (_PROCESS / "clear_refs").write_text(_PEAK_TO_NOW, encoding="ascii")
    began = time.perf_counter()
    found = compare(legacy, new)
    seconds = time.perf_counter() - began
    megabytes = (_kilobytes("VmHWM") - before) / 1024
    keys = None if found.keys is None else sorted(found.keys)
    answer = Answer(keys=keys, rows=found.rows, seconds=seconds, megabytes=megabytes)
    Path(request["answer"]).write_text(json.dumps(asdict(answer)), encoding="utf-8")


def _kilobytes(name: str) -> int:
    for line in (_PROCESS / "status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise RuntimeError(f"/proc/self/status has no {name}")

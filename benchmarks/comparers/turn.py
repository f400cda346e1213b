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
    """A table: in a file of SQLite, in a PostgreSQL behind a unix socket, or in a MariaDB on a port.

    `host` is the folder of the socket, or the address of the port.
    """

    table: str
    file: str = ""
    host: str = ""
    port: int = 0
    database: str = ""
    user: str = ""

    @property
    def backend(self) -> str:
        """`sqlite`, `postgresql` or `mariadb`."""
        if self.file:
            return "sqlite"
        return "mariadb" if self.port else "postgresql"

    @property
    def url(self) -> str:
        """As libpq reads it, and SQLAlchemy."""
        if self.file:
            return f"sqlite:///{self.file}"
        if self.port:
            return f"mysql://{self.user}@{self.host}:{self.port}/{self.database}"
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


@dataclass(frozen=True)
class Turn:
    """What is to be compared, and the file that the answer goes to."""

    legacy: Side
    new: Side
    answer: Path

    @classmethod
    def requested(cls) -> "Turn":
        """The turn that the command line asks for."""
        request = json.loads(sys.argv[1])
        return cls(Side(**request["legacy"]), Side(**request["new"]), Path(request["answer"]))

    def measure(self, compare: Callable[[Side, Side], Found]) -> None:
        """Compare the two, and write the answer.

        Its megabytes are the peak while comparing, minus what is resident before: after all imports.
        """
        gc.collect()
        before = _kilobytes("VmRSS")
        (_PROCESS / "clear_refs").write_text(_PEAK_TO_NOW, encoding="ascii")
        began = time.perf_counter()
        found = compare(self.legacy, self.new)
        seconds = time.perf_counter() - began
        megabytes = (_kilobytes("VmHWM") - before) / 1024
        keys = None if found.keys is None else sorted(found.keys)
        answer = Answer(keys=keys, rows=found.rows, seconds=seconds, megabytes=megabytes)
        self.answer.write_text(json.dumps(asdict(answer)), encoding="utf-8")


def _kilobytes(name: str) -> int:
    for line in (_PROCESS / "status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise RuntimeError(f"/proc/self/status has no {name}")

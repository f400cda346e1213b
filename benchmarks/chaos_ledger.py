"""What the steps did, by their own ledger, which lies outside of every database."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Act:
    """A line of the ledger. `at` is in seconds since 1970, `parent` the bot that started the command."""

    kind: str
    run: str
    step: str
    nonce: str
    pid: int
    parent: int
    seconds: float
    at: float

    @classmethod
    def parse(cls, line: str) -> "Act":
        """A whole line."""
        kind, run, step, nonce, pid, parent, milliseconds, at = line.split()
        return cls(kind, run, step, nonce, int(pid), int(parent), int(milliseconds) / 1000, float(at))

    @property
    def until(self) -> float:
        """When an act that began at `at` is over, its process's start and end left out."""
        return self.at + self.seconds


class Ledger:
    """Reads the file as it grows."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.file.touch()
        self._read = 0
        self._acts: list[Act] = []

    def acts(self) -> list[Act]:
        """Every line, in order."""
        with self.file.open("rb") as handle:
            handle.seek(self._read)
            new = handle.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        self._acts += [Act.parse(line) for line in whole.decode().splitlines()]
        return self._acts

    def done(self) -> Counter[tuple[str, str]]:
        """How often each step of each run was done."""
        return Counter((act.run, act.step) for act in self.acts() if act.kind == "end")

    def under_way(self, now: float) -> list[Act]:
        """The acts that have begun and are not over by their own time."""
        return [act for act in self.acts()[-100:] if act.kind == "begin" and now < act.until]

    def settled(self, run: str, step: str) -> bool:
        """Whether no command of this step lives, so that its lines say all there is to know."""
        mine = (act for act in self.acts() if (act.run, act.step, act.kind) == (run, step, "begin"))
        return not any(_lives(act.pid, self.file) for act in mine)


def _lives(pid: int, ledger: Path) -> bool:
    try:
        os.kill(pid, 0)
        return str(ledger).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (ProcessLookupError, FileNotFoundError):
        return False

"""A process of a test: its output is kept and waited for, and it is ended in any case."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SWITCHBACK = str(BIN / "switchback")


def environment(**settings: str) -> dict[str, str]:
    """Nothing of the tester's own settings, and these."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


class Program:
    """One process from its start to its end. Times are in seconds."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path = ROOT,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        self._changed = threading.Condition()
        self._lines: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._process = subprocess.Popen(
            argv,
            env=dict(env),
            cwd=cwd,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        pipes = {"stdout": self._process.stdout, "stderr": self._process.stderr}
        self._readers = [
            threading.Thread(target=self._read, args=(name, pipe), daemon=True)
            for name, pipe in pipes.items()
            if pipe is not None
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A test that failed leaves nothing running of what its demo started.
        for pid in () if kind is None or self.status is not None else _descendants(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.kill()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """Its exit status, None while it runs. A signal's is negative."""
        return self._process.poll()

    @property
    def stdout(self) -> str:
        """What it has written so far."""
        return "".join(self._lines["stdout"])

    @property
    def stderr(self) -> str:
        """What it has complained of so far."""
        return "".join(self._lines["stderr"])

    def wait_for_line(self, containing: str, *, timeout: float = 30, count: int = 1) -> str:
        """The line with these words on stdout, or the one that is the `count`th of them."""

        def found() -> list[str]:
            return [line for line in self._lines["stdout"] if containing in line]

        with self._changed:
            self._changed.wait_for(lambda: len(found()) >= count or not self._reading(), timeout)
            if len(found()) < count:
                raise AssertionError(f"no line with {containing!r}:\n{self.stdout}\n{self.stderr}")
            return found()[count - 1].rstrip()

    async def line(self, containing: str, *, timeout: float = 30, count: int = 1) -> str:
        """The same while the loop goes on."""
        return await asyncio.to_thread(self.wait_for_line, containing, timeout=timeout, count=count)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this process alone."""
        self._process.send_signal(number)

    def ended(self, *, timeout: float = 30) -> int:
        """Wait for its end and all its output; its exit status. A signal's is negative."""
        try:
            status = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it does not end:\n{self.stdout}\n{self.stderr}") from None
        for reader in self._readers:
            reader.join()
        return status

    async def end(self) -> int:
        """The same while the loop goes on."""
        return await asyncio.to_thread(self.ended)

    def kill(self) -> None:
        """kill -9, when it has not ended; nothing of it is left afterwards."""
        if self._process.poll() is None:
            self._process.kill()
        self.ended()

    def _reading(self) -> bool:
        return any(reader.is_alive() for reader in self._readers)

    def _read(self, name: str, pipe: IO[str]) -> None:
        with pipe:
            for line in pipe:
                with self._changed:
                    self._lines[name].append(line)
                    self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()


def children(pid: int) -> list[int]:
    """The processes that a process has started from its main thread."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in listed.split()]


def _descendants(pid: int) -> list[int]:
    """They, and what they have started."""
    return [one for child in children(pid) for one in (child, *_descendants(child))]


async def completed(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path = ROOT) -> Program:
    """A process that has run to its end while the loop, and with it the workspace, goes on."""
    return await asyncio.to_thread(finished, argv, env=env, cwd=cwd)


def finished(
    argv: Sequence[str], *, env: Mapping[str, str], cwd: Path = ROOT, timeout: float = 30
) -> Program:
    """A process that has run to its end."""
    with Program(argv, env=env, cwd=cwd) as program:
        program.ended(timeout=timeout)
        return program

"""The processes of `make demo`: begun in order, watched, and ended together."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO

START_SECONDS = 60.0
END_SECONDS = 5.0
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Part:
    """A process of the demo, and the URL that answers when it is up."""

    name: str
    command: tuple[str, ...]
    answers: str
    needed: bool
    """Whether the demo ends when it does."""


class Processes:
    """What the demo has started. Each writes to a log named after it in the kept folder."""

    def __init__(self, *, kept: Path, root: Path, environment: Mapping[str, str], lock: int) -> None:
        self._kept = kept
        self._root = root
        self._environment = environment
        self._lock = lock
        self._running: list[tuple[Part, subprocess.Popen[bytes]]] = []

    def start(self, part: Part) -> bool:
        """Start it and wait until it answers. When it does not, say why; false."""
        with self._log(part).open("ab") as log:
            process = subprocess.Popen(
                part.command,
                cwd=self._root,
                env=self._environment,
                stdout=log,
                stderr=log,
                # A session of its own: Ctrl-C reaches the demo alone, which ends them in order.
                start_new_session=True,
                # Should the demo be killed, the folder stays locked while one of them is left.
                pass_fds=(self._lock,),
            )
        self._running.append((part, process))
        if _up(part, process):
            return True
        say(f"{part.name} did not start; the end of {self._log(part)}:\n{self._tail(part)}", sys.stderr)
        return False

    def pid(self, name: str) -> int:
        """The process id of the part of this name."""
        return next(process.pid for part, process in self._running if part.name == name)

    def watch(self, *, again: str) -> None:
        """Return when a needed part has ended by itself; of another say so once, and go on.

        `again` is the command that starts it all once more.
        """
        watched = list(self._running)
        while True:
            for part, process in [one for one in watched if one[1].poll() is not None]:
                if part.needed:
                    say(
                        f"{part.name} ended with status {process.returncode}:\n{self._tail(part)}", sys.stderr
                    )
                    say(f"Start it again with `{again}`: it goes on where it was.", sys.stderr)
                    return
                say(
                    f"{part.name} ended; the bot will notice. "
                    f"Ctrl-C ends the demo, `{again}` starts it again."
                )
                watched.remove((part, process))
            time.sleep(0.5)

    def end(self) -> None:
        """End all, the last one first; what does not end in time is killed."""
        ignore_signals()
        for _part, process in reversed(self._running):
            if process.poll() is None:
                process.terminate()
        for _part, process in reversed(self._running):
            try:
                process.wait(timeout=END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _log(self, part: Part) -> Path:
        return self._kept / f"{part.name}.log"

    def _tail(self, part: Part) -> str:
        return "\n".join(self._log(part).read_text(errors="replace").splitlines()[-8:])


def say(text: str, stream: TextIO = sys.stdout) -> None:
    """Print a line at once."""
    print(text, file=stream, flush=True)


def interrupt_on_signals() -> None:
    """Let Ctrl-C, SIGTERM and a closed terminal raise KeyboardInterrupt, once."""
    for number in ENDING:
        # What nohup has set to be ignored stays so.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupted)


def ignore_signals() -> None:
    """A second Ctrl-C must not leave half of the processes running."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    ignore_signals()
    raise KeyboardInterrupt


def _up(part: Part, process: "subprocess.Popen[bytes]") -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(part.answers, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False

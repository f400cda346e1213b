"""Running a command in its own process group, with bounded output, and ending all of it in time.

A process that leaves the group (a daemon) is not ended with it. A command that leaves a process behind
redirects that one's output: the pipes are closed soon after the command itself has ended.
"""

import asyncio
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from actions.excerpt import Excerpt
from actions.limited import Cut, ending_seconds, wait_until_cut, work_seconds
from actions.process_search import group_lives, marked
from actions.program import NotStartedError

_LOOK_EVERY = 0.02
_DRAIN_SECONDS = 0.5


@dataclass(frozen=True)
class Command:
    """What to run: an absolute program with its arguments, where, and with which variables.

    `marks` are those of the variables by which its processes are found again.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: dict[str, str] = field(repr=False)
    marks: dict[str, str]


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    `status` is its exit status, negative for a signal, None when it did not end. `cut` tells why it
    was ended. `left` names what of it is still there, and is empty when nothing is.
    """

    status: int | None
    cut: Cut | None
    left: str
    stdout: Excerpt
    stderr: Excerpt


class _Output(asyncio.SubprocessProtocol):
    """Reads all there is, at once, so that the child never waits for us; keeps little of it."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.excerpts = {1: Excerpt(), 2: Excerpt()}
        self.exited: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[Exception | None] = loop.create_future()

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        self.excerpts[fd].add(data if isinstance(data, bytes) else data.encode())

    def process_exited(self) -> None:
        if not self.exited.done():
            self.exited.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(exc)


async def run_command(command: Command, *, seconds: float, cancelled: asyncio.Event) -> Ended:
    """Run it to its end, or end it within the seconds. Raises NotStartedError."""
    starting = asyncio.ensure_future(_start(command))
    try:
        # Not awaited itself: asyncio hangs when the start of a process is cancelled.
        await asyncio.wait({starting})
        transport, output = starting.result()
        group = transport.get_pid()
        cut = await wait_until_cut(output.exited, seconds=work_seconds(seconds), cancelled=cancelled)
        if cut is not None:
            await _end(group, output, seconds=ending_seconds(seconds))
        await asyncio.wait({output.closed}, timeout=min(_DRAIN_SECONDS, ending_seconds(seconds) / 4))
        left = _left(group, command.marks, after_cut=cut is not None)
        return Ended(transport.get_returncode(), cut, left, output.excerpts[1], output.excerpts[2])
    finally:
        await asyncio.wait({starting})
        if starting.exception() is None:
            await _close(*starting.result())


async def _start(command: Command) -> tuple[asyncio.SubprocessTransport, _Output]:
    try:
        return await asyncio.get_running_loop().subprocess_exec(
            _Output,
            *command.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=command.cwd,
            env=command.env | command.marks,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise NotStartedError(
            f"{command.argv[0]} could not be started: {error}", do="Check argv, cwd and permissions"
        ) from error


async def _close(transport: asyncio.SubprocessTransport, output: _Output) -> None:
    """Give back the pipes; end what still runs because our own task was ended."""
    if not output.exited.done():
        _signal(transport.get_pid(), signal.SIGKILL)
        await asyncio.wait({output.exited}, timeout=_DRAIN_SECONDS)
    transport.close()
    await asyncio.wait({output.closed}, timeout=_DRAIN_SECONDS)


def _left(group: int, marks: dict[str, str], *, after_cut: bool) -> str:
    if after_cut:
        processes = ", ".join(str(process.pid) for process in marked(marks))
        if processes:
            return f"process {processes}"
    return f"process group {group}" if group_lives(group) else ""


async def _end(group: int, output: _Output, *, seconds: float) -> None:
    """SIGTERM to the group; SIGKILL to what is left of it after half of the seconds."""
    loop = asyncio.get_running_loop()
    for number, share in ((signal.SIGTERM, 0.5), (signal.SIGKILL, 0.25)):
        _signal(group, number)
        until = loop.time() + seconds * share
        while loop.time() < until:
            if output.exited.done() and not group_lives(group):
                return
            await asyncio.sleep(_LOOK_EVERY)


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # what still lives afterwards is found by looking, and reported

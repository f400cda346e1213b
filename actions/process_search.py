"""Finding the processes of a step, also after the bot that started them has died.

A child outlives a bot that is killed with SIGKILL; no portable means prevents that. So every command
carries its run and step in its environment, which its descendants inherit, and `/proc` tells which
processes carry them. It shows processes of the bot's own account on the bot's own host; without
`/proc`, on another host, and behind a change of account, nothing is found.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.ports.action import ActionContext

_PROC = Path("/proc")
_ENDED = {b"Z", b"X"}


@dataclass(frozen=True)
class MarkedProcess:
    """A living process of a step, with its command line."""

    pid: int
    argv: tuple[str, ...]

    def runs(self, argv: tuple[str, ...]) -> bool:
        """Whether it runs this command, by itself or through the interpreter its first line names."""
        return self.argv[-len(argv) :] == argv


def marks(context: ActionContext, purpose: Literal["act", "probe"]) -> dict[str, str]:
    """The variables that mark a command: its run, its step, and what it is for."""
    return {
        "SWITCHBACK_RUN_ID": context.run_id,
        "SWITCHBACK_STEP_ID": context.step_id,
        "SWITCHBACK_PURPOSE": purpose,
    }


def marked(wanted: dict[str, str]) -> list[MarkedProcess]:
    """The living processes that carry all the given variables, the bot's own left out."""
    entries = {f"{name}={value}".encode() for name, value in wanted.items()}
    found = []
    for process in _PROC.glob("[0-9]*"):
        try:
            if entries <= set((process / "environ").read_bytes().split(b"\0")):
                line = (process / "cmdline").read_bytes().decode(errors="replace")
                found.append(MarkedProcess(int(process.name), tuple(line.removesuffix("\0").split("\0"))))
        except OSError:
            continue  # it ended while we looked, or it is another account's
    return [process for process in found if process.pid != os.getpid()]


def group_lives(group: int) -> bool:
    """Whether a process group has a member that has not ended. A zombie has ended."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if not (_PROC / "self" / "stat").exists():
        return True
    return any(_is_member(process, group) for process in _PROC.glob("[0-9]*"))


def _is_member(process: Path, group: int) -> bool:
    try:
        stat = (process / "stat").read_bytes()
    except OSError:
        return False
    # The name, in parentheses, may hold anything; the state and the group are fields 3 and 5.
    state, _parent, member_of = stat.rpartition(b")")[2].split()[:3]
    return int(member_of) == group and state not in _ENDED

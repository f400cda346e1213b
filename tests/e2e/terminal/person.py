"""Somebody at a keyboard: a command whose standard input is a terminal."""

import os
import pty
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.program import SWITCHBACK, Program


class AtTheKeyboard:
    """A command that runs, and what is typed to it."""

    def __init__(self, program: Program, keyboard: int) -> None:
        self.program = program
        self._keyboard = keyboard

    async def types(self, text: str, *, when: str, times: int = 1) -> None:
        """Type a line once the command has asked so; what was typed before would not count."""
        await self.program.line(when, count=times)
        os.write(self._keyboard, f"{text}\n".encode())


@contextmanager
def sitting(*arguments: str, env: Mapping[str, str], cwd: Path) -> Iterator[AtTheKeyboard]:
    """Run `switchback` with a keyboard until the block ends."""
    ours, its = pty.openpty()
    try:
        with Program([SWITCHBACK, *arguments], env=env, cwd=cwd, stdin=its) as program:
            yield AtTheKeyboard(program, ours)
    finally:
        os.close(ours)
        os.close(its)

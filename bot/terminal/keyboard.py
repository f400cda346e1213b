"""What is typed at this terminal, read while the event loop goes on."""

import asyncio
import os
import sys
import threading

import typer

LEAVE, BACK = "q", "b"


class Keyboard:
    """Lines as they are typed, stripped. The end of the input (Ctrl-D) leaves, as `q` does."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._ended = False
        reading = threading.Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True)
        reading.start()

    async def ask(self, prompt: str) -> str:
        """Ask, and wait for a line. What was typed before is no answer to it."""
        self.prompt(prompt)
        return LEAVE if self._ended and self._lines.empty() else self._taken(await self._lines.get())

    async def reason(self) -> str | None:
        """Ask for the reason of a decision; None when there is to be no decision after all."""
        typed = await self.ask("Reason (q: do nothing):")
        return None if typed == LEAVE else typed

    def prompt(self, prompt: str) -> None:
        """Ask, and do not wait: `typed` has the line when it comes."""
        while not self._lines.empty():
            self._taken(self._lines.get_nowait())
        typer.echo(prompt)

    def typed(self) -> str | None:
        """The line that came since the prompt, if one did."""
        if self._lines.empty():
            return LEAVE if self._ended else None
        return self._taken(self._lines.get_nowait())

    def _taken(self, line: str) -> str:
        if line:
            return line.strip()
        self._ended = True
        return LEAVE

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        # Not by sys.stdin: a thread that waits in it holds its lock, and the interpreter could not end.
        rest = b""
        while read := os.read(sys.stdin.fileno(), 4096):
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                loop.call_soon_threadsafe(self._lines.put_nowait, line.decode(errors="replace") + "\n")
        loop.call_soon_threadsafe(self._lines.put_nowait, "")


def keyboard_of(*, as_json: bool) -> Keyboard | None:
    """The keyboard of whoever sits there and can be asked; None for a script."""
    return Keyboard() if sys.stdin.isatty() and not as_json else None

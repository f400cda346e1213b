"""One line that says how far something is, rewritten in place, where somebody looks at a terminal."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.services.reconciliation_watch import Progress

_REWRITTEN = "\r\x1b[2K"


class ProgressLine:
    """On standard error, and only where that is a terminal: standard output has the result alone."""

    def __init__(self, migration: str) -> None:
        self._migration = migration
        self._seen = sys.stderr.isatty()

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Until the block ends, when the line is taken away."""
        try:
            yield
        finally:
            self._write("")

    def show(self, progress: Progress) -> None:
        """How far it is now, cut to the width of the terminal."""
        text = f"⏳ {self._migration}: {progress.described()} (Ctrl-C calls it off)"
        width = shutil.get_terminal_size().columns - 2
        self._write(text if len(text) <= width else f"{text[: width - 1]}…")

    def _write(self, text: str) -> None:
        if self._seen:
            sys.stderr.write(f"{_REWRITTEN}{text}")
            sys.stderr.flush()

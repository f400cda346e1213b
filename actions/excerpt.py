"""The beginning and the end of an output, in bounded memory."""

import re

from actions.redaction import Secrets

_TERMINAL_CODE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def printable(text: str) -> str:
    """A text that any database and any client can hold: no terminal codes, no control characters."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", _TERMINAL_CODE.sub("", text.replace("\r\n", "\n")))


class Excerpt:
    """Keeps the first and the last `keep` bytes of what is added to it, and counts all of them."""

    def __init__(self, *, keep: int = 2048) -> None:
        self._keep = keep
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def add(self, data: bytes) -> None:
        """Take the next piece of the output."""
        self.total += len(data)
        room = self._keep - len(self._head)
        self._head += data[:room]
        self._tail = (self._tail + data[room:][-self._keep :])[-self._keep :]

    def text(self, secrets: Secrets) -> str:
        """What was kept, without secrets, with the number of bytes that were left out."""
        left_out = self.total - len(self._head) - len(self._tail)
        if not left_out:
            return _text(secrets.redact_piece(bytes(self._head + self._tail)))
        head = secrets.redact_piece(bytes(self._head), cut_after=True)
        tail = secrets.redact_piece(bytes(self._tail), cut_before=True)
        return f"{_text(head)}\n… {left_out:,} bytes left out …\n{_text(tail)}"


def _text(data: bytes) -> str:
    return printable(data.decode(errors="replace"))

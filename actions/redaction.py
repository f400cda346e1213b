"""Values that are given by reference, and their removal from every text that leaves an adapter."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

from bot.domain.playbook.part import FromEnvironment

Value = str | FromEnvironment


def shown(value: Value) -> str:
    """A value as a preview shows it: itself, or `$NAME` for a reference."""
    return f"${value.env}" if isinstance(value, FromEnvironment) else value


def names(*values: Value | None) -> tuple[str, ...]:
    """The settings that the values refer to, each once, in order."""
    return tuple(dict.fromkeys(value.env for value in values if isinstance(value, FromEnvironment)))


def _spellings(value: str) -> set[str]:
    """How a value may turn up in an output: as it is, quoted, or line by line."""
    lines = [line.strip() for line in value.splitlines() if len(line.strip()) >= 8]
    forms = {value, value.strip(), quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], *lines}
    return {form for form in forms if form}


class Secrets:
    """Looks values up, remembers them, and puts `$NAME` where one turns up in a text."""

    def __init__(self, look_up: Callable[[str], str]) -> None:
        self._look_up = look_up
        self._marks: dict[bytes, bytes] = {}

    def value(self, value: Value) -> str:
        """The value itself. Raises SettingsError when the setting is missing."""
        if isinstance(value, str):
            return value
        found = self._look_up(value.env)
        self.hide(found, name=value.env)
        return found

    def hide(self, value: str, *, name: str) -> None:
        """Keep a value out of every later text."""
        self._marks |= {form.encode(): f"${name}".encode() for form in _spellings(value)}

    def redact(self, text: str) -> str:
        """The text without any of the values."""
        return self.redact_piece(text.encode(errors="replace")).decode(errors="replace")

    def redact_piece(self, data: bytes, *, cut_before: bool = False, cut_after: bool = False) -> bytes:
        """Part of an output without the values; at a cut edge, without the half of one either."""
        found = [
            (start, -(start + size), name)
            for form, name in self._marks.items()
            for start, size in _places(data, form, cut_before=cut_before, cut_after=cut_after)
        ]
        kept, done = [], 0
        for start, negative_end, name in sorted(found):
            if start >= done:
                kept += [data[done:start], name]
            done = max(done, -negative_end)
        return b"".join((*kept, data[done:]))


def _places(data: bytes, form: bytes, *, cut_before: bool, cut_after: bool) -> Iterator[tuple[int, int]]:
    """Where a form stands, as (start, size): overlapping ones too, and what an edge has cut off."""
    start = data.find(form)
    while start >= 0:
        yield start, len(form)
        start = data.find(form, start + 1)
    for size in range(1, len(form)):
        if cut_before and data.startswith(form[-size:]):
            yield 0, size
        if cut_after and data.endswith(form[:size]):
            yield len(data) - size, size

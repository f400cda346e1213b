"""What pydantic found wrong, as a plain sentence."""

import re
from collections.abc import Mapping
from decimal import Decimal

from bot.domain.errors import nearest
from bot.playbooks.positions import Path
from bot.playbooks.shape import Shape
from bot.playbooks.yaml_nodes import YamlValue

_CREDENTIALS = re.compile(r"//[^/\s]*@")
_MOST_SHOWN = 60
_MOST_LISTED = 12

Context = Mapping[str, object]


def wrong_value(kind: str, context: Context, *, value: YamlValue, path: Path, shape: Shape, text: str) -> str:
    """The sentence for a value that is not taken. `kind`, `context` and `text` are pydantic's own, but for
    a kind of our models', whose text is the sentence."""
    if kind in ("value_error", "assertion_error") and value is not None:
        return str(context.get("error", text))
    if kind.endswith("_kind"):
        return text
    size = _size(kind, context, value)
    if size:
        return size
    if kind.startswith(("greater_than", "less_than")):
        return f"expected a number {text.removeprefix('Input should be ')}, found {shown(value)}"
    if kind.startswith("url_"):
        return f"{shown(value)} is not a URL: {context.get('error', text)}"
    return not_as_expected(value, path, shape) or f"{text[:1].lower()}{text[1:]}, found {shown(value)}"


def not_as_expected(value: YamlValue, path: Path, shape: Shape) -> str:
    """`expected …, found …`; empty when the shape does not say what is expected there."""
    expected = shape.expected(path)
    if not expected:
        return ""
    alike = nearest(value, shape.choices(path)) if isinstance(value, str) else None
    hint = f"; did you mean {alike}?" if alike else ""
    quotes = isinstance(value, (bool, int, float, Decimal)) and shape.takes_text(path)
    return f"expected {expected}, found {shown(value)}{hint}{'; put it in quotes' if quotes else ''}"


def missing(name: str) -> str:
    """The sentence for a key that has to be there."""
    return f"missing: {name}"


def unknown_key(name: str, known: list[str]) -> str:
    """The sentence for a key that does not exist, with the nearest of those that do."""
    alike = nearest(name, known)
    if alike:
        return f"unknown key {shown(name)}; did you mean {alike}?"
    listed = ", ".join(known[:_MOST_LISTED]) + (", …" if len(known) > _MOST_LISTED else "")
    return f"unknown key {shown(name)}; known: {listed}" if known else f"unknown key {shown(name)}"


def shown(value: YamlValue) -> str:
    """A value as a message shows it: short, on one line, without a password of a URL."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = _CREDENTIALS.sub("//…@", " ".join(value.split()))
    text = "".join(character if character.isprintable() else "�" for character in text)
    return f"“{text[:_MOST_SHOWN]}…”" if len(text) > _MOST_SHOWN else f"“{text}”"


def _size(kind: str, context: Context, value: YamlValue) -> str:
    """The sentence for what is too short or too long; empty for another kind of error."""
    if kind not in ("string_too_short", "string_too_long", "too_short", "too_long"):
        return ""
    least, most = context.get("min_length"), context.get("max_length")
    if least == 1:
        return "must not be empty"
    noun = "characters" if kind.startswith("string") else "entries"
    found = len(value) if isinstance(value, (str, list, dict)) else "another number"
    bound = f"at most {most}" if kind.endswith("long") else f"at least {least}"
    return f"expected {bound} {noun}, found {found}"

"""What is different in a playbook than it was: added, removed and changed parts, by name, in words."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from bot.domain.playbook_outline import ORDER, Outline

MOST_OF_A_VALUE = 120
"""Characters of a changed text that are told."""

NOTHING = "nothing"
"""In place of a value that is not there."""


def changes(before: Outline, after: Outline) -> tuple[str, ...]:
    """Such as `gate data-parity: criterion check-members changed: clean_for 14d -> 1d`, in the order of the
    parts; empty when only comments, the title or the layout of the file are other ones.
    """
    return tuple(_inside((), before, after))


def _inside(path: tuple[str, ...], before: Outline, after: Outline) -> Iterator[str]:
    fields, parts = [], []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            parts += list(_inside((*path, name), old, new))
        elif isinstance(old, Mapping) or isinstance(new, Mapping):
            parts.append(_said(path, f"{name} {_became(old, new)}"))
        elif not name.startswith(ORDER) or _same_parts(old, new):
            fields.append(f"{name} {_value(old)} -> {_value(new)}")
    if fields:
        yield f"{': '.join(path)} changed: {', '.join(fields)}" if path else f"changed: {', '.join(fields)}"
    yield from parts


def _said(path: tuple[str, ...], what: str) -> str:
    return ": ".join((*path, what))


def _became(old: JsonValue, new: JsonValue) -> str:
    """What happened to a part that is there on one side alone, or is a plain value on the other."""
    if old is None:
        return "added"
    return "removed" if new is None else "changed"


def _same_parts(old: JsonValue, new: JsonValue) -> bool:
    """Whether only the order is another one: what was added or removed is told of itself."""
    return sorted(str(old).split(", ")) == sorted(str(new).split(", "))


def _value(value: JsonValue) -> str:
    text = NOTHING if value is None or value == "" else " ".join(str(value).split())
    return text if len(text) <= MOST_OF_A_VALUE else text[: MOST_OF_A_VALUE - 1] + "…"

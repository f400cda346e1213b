"""Checks of JSON values, to be put together into a schema.

A check gets a value, its JSON pointer and the list of problems found so far, and adds to it
what Slack would say: `[ERROR] … [json-pointer:/blocks/0/text]`.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from bot.sandbox.json_values import Json, as_object

Problems = list[str]
Check = Callable[[Json, str, Problems], None]


def problem(problems: Problems, pointer: str, message: str) -> None:
    """Note one problem."""
    problems.append(f"[ERROR] {message} [json-pointer:{pointer}]")


def string(*, most: int | None = None, least: int = 1, pattern: str | None = None) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Json, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            problem(problems, pointer, "must be a string")
        elif len(value) < least:
            problem(problems, pointer, f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            problem(problems, pointer, f"must be less than {most + 1} characters")
        elif pattern is not None and not re.fullmatch(pattern, value):
            problem(problems, pointer, f"failed to match pattern: {pattern}")

    return check


def boolean(value: Json, pointer: str, problems: Problems) -> None:
    """true or false."""
    if not isinstance(value, bool):
        problem(problems, pointer, "must be a boolean")


def integer(*, least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Json, pointer: str, problems: Problems) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            problem(problems, pointer, "must be an integer")
        elif not least <= value <= most:
            problem(problems, pointer, f"must be from {least} to {most}")

    return check


def number(value: Json, pointer: str, problems: Problems) -> None:
    """Any number."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        problem(problems, pointer, "must be a number")


def one_of(*values: str) -> Check:
    """One of these strings."""

    def check(value: Json, pointer: str, problems: Problems) -> None:
        if value not in values:
            problem(problems, pointer, f"must be one of: {', '.join(values)}")

    return check


def array(item: Check, *, least: int = 1, most: int) -> Check:
    """A list of `least` to `most` such items."""

    def check(value: Json, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            problem(problems, pointer, "must be an array")
            return
        if len(value) < least:
            problem(problems, pointer, f"no fewer than {least} items allowed")
        if len(value) > most:
            problem(problems, pointer, f"no more than {most} items allowed")
        for position, entry in enumerate(value):
            item(entry, f"{pointer}/{position}", problems)

    return check


def record(
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
) -> Check:
    """An object of these fields and no others."""
    wanted = required or {}
    known = {**wanted, **(optional or {})}

    def check(value: Json, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problem(problems, pointer, "must be an object")
            return
        for name in wanted:
            if value.get(name) is None:
                problem(problems, pointer, f"missing required field: {name}")
        for name, entry in value.items():
            if name not in known:
                problem(problems, pointer, f"invalid additional property: {name}")
            elif entry is not None:
                known[name](entry, f"{pointer}/{name}", problems)

    return check


def by_type(variants: Mapping[str, Check], *, others: Iterable[str] = ()) -> Check:
    """An object whose `type` says which of the checks applies.

    `others` are types that exist, but not in this place.
    """
    elsewhere = frozenset(others)

    def check(value: Json, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            problem(problems, pointer, "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str):
            problem(problems, pointer, "missing required field: type")
        elif kind in variants:
            variants[kind](value, pointer, problems)
        elif kind in elsewhere:
            problem(problems, f"{pointer}/type", f"{kind} is not allowed here")
        else:
            problem(problems, f"{pointer}/type", f"unsupported type: {kind}")

    return check


def typed(
    kind: str,
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
) -> Check:
    """An object of this `type`, with these fields and no others."""
    return record(required={"type": one_of(kind), **(required or {})}, optional=optional)


def all_of(*checks: Check) -> Check:
    """Every one of these checks."""

    def check(value: Json, pointer: str, problems: Problems) -> None:
        for each in checks:
            each(value, pointer, problems)

    return check


def exactly_one(*names: str) -> Check:
    """An object that has one of these fields, not none and not two."""

    def check(value: Json, pointer: str, problems: Problems) -> None:
        present = [name for name in names if as_object(value).get(name) is not None]
        if not present:
            problem(problems, pointer, f"missing required field: {' or '.join(names)}")
        elif len(present) > 1:
            problem(problems, pointer, f"only one is allowed of: {', '.join(names)}")

    return check

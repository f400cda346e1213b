"""JSON as a tree of tuples: objects without an order, numbers exact, each value with its type."""

import json
from decimal import Decimal

from bot.reconcile.rows.numbers import number, number_text


def read_json(text: str | bytes) -> tuple[object, ...]:
    """Raises ValueError for what is no JSON, and for NaN and infinities."""
    value = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    return json_tree(value)


def _no_constant(text: str) -> object:
    raise ValueError(text)


def json_tree(value: object) -> tuple[object, ...]:
    """A value as JSON has it. Raises ValueError for what JSON has not."""
    if isinstance(value, dict):
        return ("object", *sorted((str(name), json_tree(one)) for name, one in value.items()))
    if isinstance(value, (list, tuple)):
        return ("array", *(json_tree(one) for one in value))
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, str):
        return ("text", value)
    return ("number", number(value))


def json_text(value: object) -> str:
    """A value of JSON as text that keeps every digit of its numbers."""
    return tree_text(json_tree(value))


def tree_text(tree: tuple[object, ...]) -> str:
    """A tree as JSON."""
    match tree:
        case ("object", *members):
            pairs = [(name, one) for name, one in (m for m in members if isinstance(m, tuple))]
            return "{" + ", ".join(f"{json.dumps(name)}: {tree_text(one)}" for name, one in pairs) + "}"
        case ("array", *members):
            return "[" + ", ".join(tree_text(one) for one in members if isinstance(one, tuple)) + "]"
        case ("text", str(text)):
            return json.dumps(text, ensure_ascii=False)
        case ("null",):
            return "null"
        case ("boolean", bool(value)):
            return "true" if value else "false"
        case ("number", Decimal() as value):
            return number_text(value)
        case _:
            raise ValueError("no tree of JSON")

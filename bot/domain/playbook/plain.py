"""A playbook as it was read, of whatever shape: what has not the right one is passed over.

Rules across parts are checked on this, so that they are told together with what is wrong inside a part.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.domain.playbook.part import Identifier

Path = tuple[str | int, ...]
"""Keys and indices from the top of a playbook to one of its places."""
Names = frozenset[str] | None
"""The names that a playbook declares; None when they cannot all be known, and no reference is wrong."""

T = TypeVar("T")
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


def mapping(value: object) -> Mapping[str, object]:
    """The value when it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, (list, tuple)) else ()


def at(value: object, *keys: str) -> object:
    """What stands under these keys, one in another; None when there is nothing."""
    for key in keys:
        value = mapping(value).get(key)
    return value


def part(kind: TypeAdapter[T], value: object) -> T | None:
    """The value as a part of that kind; None when it is not one, which is told where shapes are checked."""
    try:
        return kind.validate_python(value, by_alias=True, by_name=False)
    except ValidationError:
        return None


def name(value: object) -> str | None:
    """The value when it is a name, else None."""
    return part(_IDENTIFIER, value)


def declared(value: object) -> Names:
    """The names that a part declares: a mapping's keys, or the ids of a list's items."""
    if isinstance(value, Mapping):
        return all_names(value)
    return all_names(at(item, "id") for item in items(value))


def all_names(values: Iterable[object]) -> Names:
    """The values as names; None when there are none, or one of them is no name."""
    found = [name(value) for value in values]
    known = frozenset(one for one in found if one is not None)
    return known if known and None not in found else None


def declared_if_any(document: Mapping[str, object], key: str) -> Names:
    """The names that a list declares which may be left out, or empty."""
    value = document.get(key, ())
    return frozenset() if value in ((), []) else declared(items(value))

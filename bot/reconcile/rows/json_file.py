"""JSON: an array of objects, or one object a line. Numbers keep every digit."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TextIO

from bot.reconcile.rows.kinds import SideColumn

_BLOCK = 1 << 20
_SAMPLED = 1000
_BETWEEN = " \t\r\n,[]"

Object = dict[str, object]


def json_columns(file: Path) -> tuple[SideColumn, ...]:
    """The names in the first objects. What a value is, it says by itself."""
    with file.open(encoding="utf-8-sig") as opened:
        names = dict.fromkeys(name for one in islice(_objects(opened), _SAMPLED) for name in one)
    return tuple(SideColumn(name=name, kind="untyped", declared="JSON") for name in names)


def json_rows(file: Path, *, known: set[str], size: int) -> Iterator[list[Object]]:
    """Objects, so many at a time. Raises ValueError for a name that the first ones do not have."""
    with file.open(encoding="utf-8-sig") as opened:
        objects = _objects(opened)
        while rows := list(islice(objects, size)):
            for one in rows:
                if unknown := one.keys() - known:
                    raise ValueError(f"{min(unknown)} is not among the names of the first {_SAMPLED} objects")
            yield rows


def _objects(opened: TextIO) -> Iterator[Object]:
    decoder = json.JSONDecoder(parse_float=Decimal)
    text, at, ended = "", 0, False
    while True:
        while at < len(text) and text[at] in _BETWEEN:
            at += 1
        if at == len(text) and ended:
            return
        try:
            found, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            if ended:
                raise ValueError(f"this is not JSON: {error.msg}") from None
            more = opened.read(max(_BLOCK, len(text) - at))
            text, at, ended = text[at:] + more, 0, not more
            continue
        if not isinstance(found, dict):
            raise ValueError("a row is an object")
        yield found

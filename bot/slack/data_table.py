"""Slack's data_table: rows that people sort and page through in the message.

https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from bot.slack.blocks import CELL_TEXT, TABLE_TEXT, Block, clip

MOST_ROWS = 100
MOST_COLUMNS = 20
CAPTION_TEXT = 150
NOTHING = "—"


@dataclass(frozen=True)
class Number:
    """A number that is shown as `text` and sorted by its value."""

    value: Decimal | int | float
    text: str


# None is a value that is missing. A column is sorted by number only where every cell of it is one.
Cell: TypeAlias = str | bool | int | float | Decimal | Number | None


@dataclass(frozen=True)
class DataTable:
    """The block, and how many of the rows it has room for: the others are for the caller to tell of."""

    block: Block
    shown: int


def data_table(
    *,
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    page_size: int = 10,
    row_header: int = 0,
    room: int = TABLE_TEXT,
    block_id: str | None = None,
) -> DataTable:
    """A table with `head` above it: of the rows, in their order, as many as Slack takes.

    These are at most MOST_ROWS with `room` characters, the head's included, and at least one. Of more than
    MOST_COLUMNS columns the first are shown, of a cell its first CELL_TEXT characters. `row_header` is the
    column that names a row. Give the message a plainer form, too: a workspace may not know this block yet.
    ValueError where there is no row, or one has not as many cells as the head.
    """
    if not rows or any(len(row) != len(head) for row in rows):
        raise ValueError("a data table has rows, each with as many cells as the head")
    made = [[_text(name) for name in head[:MOST_COLUMNS]]]
    left = room - _length(made[0])
    for row in rows[:MOST_ROWS]:
        cells = [_cell(cell) for cell in row[:MOST_COLUMNS]]
        left -= _length(cells)
        if left < 0 and len(made) > 1:
            break
        made.append(cells)
    block: Block = {
        "type": "data_table",
        "caption": clip(caption, CAPTION_TEXT) or " ",
        "rows": made,
        "page_size": min(max(page_size, 1), MOST_ROWS),
        "row_header_column_index": row_header,
    }
    return DataTable(block if block_id is None else {**block, "block_id": block_id}, len(made) - 1)


def _cell(cell: Cell) -> Block:
    match cell:
        case None:
            return _text(NOTHING)
        case bool():
            return _text(str(cell).lower())
        case str():
            return _text(cell)
        case Number(value, text):
            return _number(value, text)
        case _:
            return _number(cell, f"{cell:,f}" if isinstance(cell, Decimal) else f"{cell:,}")


def _text(text: str) -> Block:
    return {"type": "raw_text", "text": clip(text, CELL_TEXT) or " "}


def _number(value: Decimal | int | float, text: str) -> Block:
    sortable = _sortable(value)
    if sortable is None:
        return _text(text)
    return {"type": "raw_number", "value": sortable, "text": clip(text, CELL_TEXT) or " "}


def _sortable(value: Decimal | int | float) -> int | float | None:
    """The number as JSON has it; None for one that it does not have, such as an infinite one."""
    try:
        if int(value) == value and abs(int(value)) < 2**53:
            return int(value)
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _length(cells: Sequence[Block]) -> int:
    return sum(len(str(cell["text"])) for cell in cells)

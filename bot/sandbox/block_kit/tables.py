"""The table and data_table blocks.

https://docs.slack.dev/reference/block-kit/blocks/table-block
https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from bot.sandbox.block_kit.checks import (
    Problems,
    all_of,
    array,
    boolean,
    by_type,
    integer,
    number,
    one_of,
    problem,
    record,
    string,
    typed,
)
from bot.sandbox.block_kit.rich_text import RICH_TEXT
from bot.sandbox.json_values import Json, JsonObject, as_list, as_object, as_text, objects_in

MOST_COLUMNS = 20
MOST_TABLE_ROWS = 100
#: 100 rows and the header.
MOST_DATA_TABLE_ROWS = 101
#: In all cells of all tables of a message together.
MOST_TABLE_TEXT = 10_000

_RAW_TEXT = typed("raw_text", required={"text": string()})
_RAW_NUMBER = typed("raw_number", required={"value": number}, optional={"text": string()})
_CELL = by_type({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT})

TABLE = typed(
    "table",
    required={"rows": array(array(_CELL, most=MOST_COLUMNS), most=MOST_TABLE_ROWS)},
    optional={
        "block_id": string(most=255),
        "column_settings": array(
            record(optional={"align": one_of("left", "center", "right"), "is_wrapped": boolean}),
            most=MOST_COLUMNS,
        ),
    },
)


def _rows_are_even(value: Json, pointer: str, problems: Problems) -> None:
    rows = [as_list(row) for row in as_list(as_object(value).get("rows"))]
    if len({len(row) for row in rows}) > 1:
        problem(problems, f"{pointer}/rows", "all rows must have the same number of values")
    for column, cell in enumerate(rows[0] if rows else []):
        if as_object(cell).get("type") == "rich_text":
            problem(problems, f"{pointer}/rows/0/{column}/type", "rich_text is not allowed in a header")


DATA_TABLE = all_of(
    typed(
        "data_table",
        required={
            "caption": string(),
            "rows": array(array(_CELL, most=MOST_COLUMNS), least=2, most=MOST_DATA_TABLE_ROWS),
        },
        optional={
            "block_id": string(most=255),
            "page_size": integer(least=1, most=100),
            "row_header_column_index": integer(least=0, most=MOST_COLUMNS - 1),
        },
    ),
    _rows_are_even,
)


def table_text(blocks: list[JsonObject]) -> int:
    """How many characters the cells of all tables have."""
    tables = [block for block in blocks if block.get("type") in ("table", "data_table")]
    return sum(
        _cell_text(cell) for table in tables for row in as_list(table.get("rows")) for cell in objects_in(row)
    )


def _cell_text(cell: JsonObject) -> int:
    if cell.get("type") == "raw_number":
        return len(as_text(cell.get("text")) or str(cell.get("value")))
    elements = objects_in(cell.get("elements"))
    return len(as_text(cell.get("text"))) + sum(_cell_text(element) for element in elements)

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
from bot.sandbox.json_values import Json, as_list, as_object

MOST_COLUMNS = 20
MOST_TABLE_ROWS = 100
#: 100 rows and the header.
MOST_DATA_TABLE_ROWS = 101

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

"""A data table: one that Slack takes, with as many rows as fit, sorted by what the numbers are."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.block_kit.surfaces import message_problems
from bot.sandbox.json_values import JsonObject, as_list, objects_in
from bot.slack.blocks import CELL_TEXT, TABLE_TEXT
from bot.slack.data_table import MOST_ROWS, Cell, DataTable, Number, data_table
from tests.unit.slack.judges import as_json

numbers = st.integers() | st.decimals(allow_nan=True, allow_infinity=True) | st.floats()
cells: st.SearchStrategy[Cell] = (
    st.none()
    | st.booleans()
    | numbers
    | st.text(max_size=300)
    | st.builds(Number, numbers, st.text(max_size=9))
)


def rows_of(table: DataTable) -> list[list[JsonObject]]:
    return [objects_in(row) for row in as_list(as_json(table.block)["rows"])]


def one_cell(cell: Cell) -> JsonObject:
    return rows_of(data_table(caption="c", head=["h"], rows=[[cell]]))[1][0]


@given(st.integers(1, 25), st.data(), st.integers(-5, 200), st.text(max_size=200))
def test_whatever_stands_in_it_slack_takes_it(
    columns: int, data: st.DataObject, page_size: int, caption: str
) -> None:
    row = st.lists(cells, min_size=columns, max_size=columns)
    head = data.draw(st.lists(st.text(max_size=250), min_size=columns, max_size=columns))
    rows = data.draw(st.lists(row, min_size=1, max_size=12))
    table = data_table(caption=caption, head=head, rows=rows, page_size=page_size)
    assert message_problems(blocks=[as_json(table.block)], attachments=None) == []
    assert 1 <= table.shown <= len(rows)


@pytest.mark.parametrize("length", [1, 20, 99, 100, 101, 300])
def test_as_many_rows_are_shown_as_slack_takes_and_their_number_is_told(length: int) -> None:
    rows = [["x" * length] for _ in range(150)]
    table = data_table(caption="c", head=["key"], rows=rows)
    assert table.shown == min(MOST_ROWS, (TABLE_TEXT - len("key")) // min(length, CELL_TEXT))
    assert len(rows_of(table)) == table.shown + 1
    assert message_problems(blocks=[as_json(table.block)], attachments=None) == []


def test_two_tables_of_a_message_share_the_room() -> None:
    rows = [["x" * 100] for _ in range(100)]
    two = [
        as_json(data_table(caption="c", head=["h"], rows=rows, room=TABLE_TEXT // 2).block) for _ in range(2)
    ]
    assert message_problems(blocks=list(two), attachments=None) == []


def test_a_number_is_shown_to_its_last_digit_and_sorted_by_its_value() -> None:
    assert one_cell(Decimal("812440120.50")) == {
        "type": "raw_number",
        "value": 812440120.5,
        "text": "812,440,120.50",
    }
    assert one_cell(-1234) == {"type": "raw_number", "value": -1234, "text": "-1,234"}
    assert one_cell(Number(Decimal("0.0031"), "+0.31%")) == {
        "type": "raw_number",
        "value": 0.0031,
        "text": "+0.31%",
    }
    assert one_cell(Decimal("1E+3"))["text"] == "1,000"


def test_what_is_missing_or_no_finite_number_is_a_text() -> None:
    for cell, text in ((None, "—"), (True, "true"), (math.inf, "inf"), (Decimal("NaN"), "NaN"), ("", " ")):
        assert one_cell(cell) == {"type": "raw_text", "text": text}


def test_a_table_without_rows_or_with_ragged_ones_is_a_mistake_of_ours() -> None:
    for rows in ([], [["a", "b"], ["a"]]):
        with pytest.raises(ValueError, match="as many cells as the head"):
            data_table(caption="c", head=["x", "y"], rows=rows)

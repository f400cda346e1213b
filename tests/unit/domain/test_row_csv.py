"""The CSV of rows that differ: every column told, and nothing that a spreadsheet would run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import row_csv
from bot.domain.row_difference import CellDifference, RowDifference

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1+2", "'-1+2"),
        ("\t=1", "'\t=1"),
        ("-12.50", "-12.50"),
        ("+41", "+41"),
        ("-", "'-"),
        ("NULL", "NULL"),
        ("", ""),
        ("٣-", "٣-"),
    ],
)
def test_what_begins_like_a_formula_is_prefixed_and_numbers_stay(text: str, safe: str) -> None:
    assert row_csv.spreadsheet_safe(text) == safe


def test_hidden_values_are_told_as_hidden_and_a_missing_side_as_empty() -> None:
    cells = (
        CellDifference(column="salary"),
        CellDifference(column="status", legacy="X", new="true", note="not in the map"),
    )
    row = RowDifference(kind="differing", key=("4711", None), cells=cells)
    gone = RowDifference(
        kind="missing_in_new", key=("1", "a"), new_rows=0, cells=(CellDifference(column="level", legacy="3"),)
    )
    assert read("".join([*row_csv.lines(row), *row_csv.lines(gone)])) == [
        ["differing", "4711", "NULL", "1", "1", "salary", "hidden", "hidden", ""],
        ["differing", "4711", "NULL", "1", "1", "status", "X", "true", "not in the map"],
        ["missing in new", "1", "a", "1", "0", "level", "3", "", ""],
    ]


# A text as databases keep it: what UTF-8 cannot write is none.
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(st.lists(_TEXTS, min_size=1, max_size=3), _TEXTS, _TEXTS)
def test_every_value_is_read_back_and_none_is_taken_for_a_formula(
    key: list[str], legacy: str, new: str
) -> None:
    cell = CellDifference(column="name", legacy=legacy, new=new)
    row = RowDifference(kind="differing", key=tuple(key), cells=(cell,))
    (line,) = read("".join(row_csv.lines(row)))
    told = [*key, legacy, new]
    found = [*line[1 : 1 + len(key)], *line[-3:-1]]
    assert [
        one.removeprefix("'") if one != two else one for one, two in zip(found, told, strict=True)
    ] == told
    number = row_csv._NUMBER
    assert not any(one.startswith(DANGEROUS) and not number.fullmatch(one) for one in line)

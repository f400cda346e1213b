"""Rows that differ: how many of each kind and column, the first of them in a table, all as a file."""

from collections.abc import Iterator, Sequence

from bot.domain.check_result import CheckResult
from bot.domain.messages.differing_rows import DifferingRowsFacts, columns_in_words, counts_in_words
from bot.domain.row_csv import HIDDEN, cell_values
from bot.domain.row_difference import RowDifference
from bot.domain.sighting import ROW_KINDS
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    counted,
    escape,
    headline,
    moment,
    sections,
)
from bot.slack.data_table import Cell, Number, data_table

# Check whose rows have a button below a message; the others are asked for by name.
_MOST_BUTTONS = 5
_PLAIN_ROWS = 10
_WHOLE_ROW = "whole row"


def show_rows_buttons(
    reconciliation: str, results: Sequence[CheckResult], *, told: Sequence[str] = ()
) -> list[Block]:
    """A button for each row check that found some, the worst first; none for those that are `told`."""
    differing = [one for one in results if one.rows is not None and one.rows.total and one.check not in told]
    return [
        button(
            "Show rows" if len(differing) == 1 else f"Show rows: {clip(one.title, 60)}",
            action_id=f"{ids.ROWS_SHOW}:{one.check}",
            value=reconciliation,
            style="primary" if one is differing[0] else None,
        )
        for one in differing[:_MOST_BUTTONS]
    ]


def differing_rows(facts: DifferingRowsFacts) -> Message:
    """The rows of one check, for the thread of its reconciliation."""
    total = facts.found.total
    mark = "❌" if facts.status == "failed" else "✅"
    rows = "1 row differs" if total == 1 else f"{total:,} rows differ"
    head = f"{mark} {facts.migration}: {rows} in “{clip(facts.title, 100)}” (limit {facts.tolerance})"
    columns = columns_in_words(facts.found)
    kinds = [f"*By kind*: {counts_in_words(facts.found)}"]
    kinds += [f"*By column*: {escape(columns, most=800)}"] if columns else []
    lines = [line for row in facts.rows for line in _lines(row)]
    before = (headline(head), *sections(kinds))
    csv = button("Get all rows as CSV", action_id=f"{ids.ROWS_CSV}:{facts.check}", value=facts.reconciliation)
    after = (actions([csv], block_id="rows"), context(_foot(facts)))
    if not lines:
        return Message(text=escape(head), blocks=(*before, *after))
    which = f"the first {len(facts.rows)} of {total:,}" if len(facts.rows) < total else f"all {total}"
    shown = data_table(
        caption=f"{facts.title}: {which}",
        # A narrow screen cuts columns off on the right.
        head=[*facts.key, "Column", "Legacy", "New", "Difference"],
        rows=_sortable(lines),
        block_id="differing",
    )
    cut = [context(f"The table has room for {shown.shown} of {len(lines)} lines; the file has all.")]
    return Message(
        text=escape(head),
        blocks=(*before, shown.block, *(cut if shown.shown < len(lines) else ()), *after),
        plainer=(*before, *sections(_plain(facts), most=3500), *after),
    )


def _foot(facts: DifferingRowsFacts) -> str:
    when = moment(facts.reconciled_at, "{date_short_pretty} {time}")
    parts = [f"asked by {escape(facts.asked_by)}", f"reconciled {when}"]
    if facts.kept < facts.found.total:
        parts.append(f"the first {facts.kept:,} are kept one by one, the others only counted")
    parts.append(f"the file is for {escape(facts.owner, most=200)}")
    return " · ".join(parts)


def _lines(row: RowDifference) -> Iterator[list[str | None]]:
    """A line for each column that differs, one for a row that a side misses or has twice."""
    key = ["NULL" if part is None else part for part in row.key]
    if row.kind == "differing":
        for cell in row.cells:
            legacy, new = cell_values(cell)
            noted = f"{legacy} ({cell.note})" if cell.note else legacy
            yield [*key, cell.column, noted, new, ROW_KINDS[row.kind]]
    elif row.kind == "duplicated":
        sides = [counted(row.legacy_rows, "row"), counted(row.new_rows, "row")]
        yield [*key, _WHOLE_ROW, *sides, ROW_KINDS[row.kind]]
    else:
        there = ", ".join(f"{cell.column} {cell.legacy or cell.new}" for cell in row.cells) or HIDDEN
        sides = ["missing", there] if row.kind == "missing_in_legacy" else [there, "missing"]
        yield [*key, _WHOLE_ROW, *sides, ROW_KINDS[row.kind]]


def _sortable(lines: Sequence[Sequence[str | None]]) -> list[list[Cell]]:
    """The cells, as numbers in columns of whole numbers, which people then sort as such."""
    whole = [all(_is_whole(cell) for cell in column) for column in zip(*lines, strict=True)]
    return [
        [
            Number(int(cell), cell) if number and cell is not None else cell
            for cell, number in zip(line, whole, strict=True)
        ]
        for line in lines
    ]


def _is_whole(cell: str | None) -> bool:
    digits = (cell or "").removeprefix("-")
    return digits.isdecimal() and digits.isascii() and (digits == "0" or not digits.startswith("0"))


def _plain(facts: DifferingRowsFacts) -> list[str]:
    lines = []
    for row in facts.rows[:_PLAIN_ROWS]:
        for line in _lines(row):
            *key, column, legacy, new, kind = (escape(cell or "", most=200) for cell in line)
            lines.append(f"• {' / '.join(key)}: {kind}, {column}: legacy {legacy}, new {new}")
    more = facts.found.total - min(len(facts.rows), _PLAIN_ROWS)
    return [*lines, *([f"… and {more:,} more rows"] if more else [])]

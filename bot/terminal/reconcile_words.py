"""What a reconciliation found, as lines and as JSON."""

from collections.abc import Iterator

from bot.domain.check_result import CheckResult
from bot.domain.messages.differing_rows import rows_in_words
from bot.domain.messages.reconciliation import not_comparable, verdict_line
from bot.domain.row_csv import cell_values
from bot.domain.row_difference import RowDifference
from bot.domain.sighting import ROW_KINDS
from bot.terminal.reconcile_history import MARKS
from bot.terminal.reconcile_now import FoundNow, RowsRead

_ROWS_IN_LINES = 100


def body(found: FoundNow) -> dict[str, object]:
    """The object of `--json`. Rows are there where they were asked for, at most 1,000 of a check."""
    done, reconciled = found.reconciliation, found.reconciled
    took = (done.ended_at - done.started_at).total_seconds() if done.ended_at else None
    told: dict[str, object] = {
        "migration": done.migration,
        "id": done.id,
        "only": None if done.scope is None else list(done.scope),
        "clean": reconciled.clean,
        "failed": reconciled.failed,
        "errors": reconciled.errors,
        "unknown": reconciled.unknown,
        "seconds": took,
        "checks": [result.model_dump(mode="json") for result in reconciled.results],
    }
    if found.rows:
        told["rows"] = {check: _rows_body(rows) for check, rows in found.rows.items()}
    return told


def lines(found: FoundNow) -> Iterator[str]:
    """What is printed: the verdict, every check, the rows that differ where they were asked for."""
    reconciled, shared = found.reconciled, found.reconciled.shared_problem
    only = found.reconciliation.scope
    name = found.reconciliation.migration + (f", only {', '.join(only)}" if only else "")
    yield verdict_line(name, reconciled)
    if shared:
        yield f"{MARKS['error']}  The same in {reconciled.errors} checks: {shared}"
    for result in reconciled.results:
        yield f"{MARKS[result.status]}  {result.title}"
        yield from (f"     {line}" for line in _about(result, problem="" if shared else result.problem))
        if rows := found.rows.get(result.check):
            yield from (f"     {line}" for line in _row_lines(rows))
    if found.csv is not None:
        yield f"All rows that differ are in {found.csv}"


def _about(result: CheckResult, *, problem: str) -> Iterator[str]:
    if result.status == "error":
        yield from [problem] if problem else []
        return
    if result.status == "unknown":
        yield not_comparable(result)
        return
    sides = f"legacy {result.legacy}, new {result.new}"
    yield f"{sides}: {result.how_far_apart()} (limit {result.tolerance})"
    if result.rows is not None and (words := rows_in_words(result.rows)):
        yield words
    if result.groups:
        yield result.named_groups()
    yield from (found.text for found in result.found[:3])
    if result.status == "failed":
        yield f"{result.on_fail} · owner {result.owner}"


def _row_lines(read: RowsRead) -> Iterator[str]:
    for row in read.rows[:_ROWS_IN_LINES]:
        yield f"{row.name}: {_row_words(row)}"
    if read.kept > _ROWS_IN_LINES:
        yield f"… and {read.kept - _ROWS_IN_LINES:,} more: --csv FILE has all"


def _row_words(row: RowDifference) -> str:
    if row.kind == "duplicated":
        return f"duplicated, {row.legacy_rows} rows in legacy and {row.new_rows} in new"
    if row.kind != "differing":
        there = ", ".join(f"{cell.column} {cell.legacy or cell.new}" for cell in row.cells)
        return ROW_KINDS[row.kind] + (f" ({there})" if there else "")
    cells = []
    for cell in row.cells:
        legacy, new = cell_values(cell)
        both = legacy if cell.legacy is None and cell.new is None else f"{legacy} → {new}"
        cells.append(f"{cell.column} {both}" + (f" ({cell.note})" if cell.note else ""))
    return ", ".join(cells)


def _rows_body(read: RowsRead) -> dict[str, object]:
    return {
        "key": list(read.key),
        "kept": read.kept,
        "rows": [row.model_dump(mode="json") for row in read.rows],
    }

"""Reconciliations with rows that differ, under way and ended, filled with any text."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.advance import RowProgress
from bot.domain.check_result import CheckResult, CheckStatus, Found, Reconciled
from bot.domain.messages.differing_rows import DifferingRowsFacts
from bot.domain.messages.facts import Facts
from bot.domain.messages.reconciliation import ReconciliationFacts
from bot.domain.row_difference import CellDifference, ColumnCount, RowDifference, RowsFound
from tests.unit.domain.ledger import NOW

NAME_OF_60 = "a" * 60


def found(text: str, *, columns: int = 2) -> RowsFound:
    """Counts of every kind."""
    named = tuple(ColumnCount(column=f"{text[:120]}{number}", rows=1234) for number in range(columns))
    return RowsFound(
        legacy=1_000_000,
        new=999_990,
        missing_in_new=12,
        missing_in_legacy=2,
        differing=1234,
        duplicated=1,
        columns=named,
    )


def rows(text: str, count: int) -> tuple[RowDifference, ...]:
    """So many rows, of every kind in turn."""
    shown = CellDifference(column=text, legacy=text, new=text, note=text)
    hidden = CellDifference(column="salary")
    each = (
        RowDifference(kind="differing", key=(text, None), cells=(shown, hidden)),
        RowDifference(kind="missing_in_new", key=(text, "2"), new_rows=0, cells=(shown,) * 16),
        RowDifference(kind="missing_in_legacy", key=(text, "3"), legacy_rows=0),
        RowDifference(kind="duplicated", key=(text, "4"), legacy_rows=2),
    )
    return tuple(each[number % 4] for number in range(count))


def differing_rows(text: str, *, count: int = 4, **changes: object) -> DifferingRowsFacts:
    """The rows of a check."""
    facts = DifferingRowsFacts(
        reconciliation="r",
        migration=NAME_OF_60,
        check=NAME_OF_60,
        title=text,
        status="failed",
        tolerance="0%",
        found=found(text),
        key=(text[:128], "new"),
        rows=rows(text, count),
        kept=1249,
        asked_by=text,
        reconciled_at=NOW,
        owner=f"@{text}",
    )
    return facts.model_copy(update=changes)


def row_result(text: str, number: int, status: CheckStatus = "failed") -> CheckResult:
    """The result of a row check."""
    return CheckResult(
        check=f"{NAME_OF_60[:50]}{number}",
        title=text,
        kind="rows",
        status=status,
        legacy="1,000,000 rows",
        new="999,990 rows",
        difference="1,249 rows differ",
        tolerance="0%",
        critical=True,
        owner="lead",
        on_fail=text,
        problem=text if status == "unknown" else "",
        rows=found(text, columns=20),
    )


def with_rows(text: str, *, checks: int = 2, unknown: int = 0, **changes: object) -> ReconciliationFacts:
    """A reconciliation with so many row checks that found some, and so many that say nothing."""
    results = [row_result(text, number) for number in range(checks)]
    results += [row_result(text, checks + number, "unknown") for number in range(unknown)]
    rules = row_result(text, 99).model_copy(
        update={"check": "rules", "kind": "rules", "rows": None, "found": (Found(name=text, text=text),) * 5}
    )
    facts = ReconciliationFacts(
        id="r",
        migration=NAME_OF_60,
        title=text,
        asked_by=text,
        started_at=NOW,
        ended_at=NOW + timedelta(seconds=4.1),
        done=2,
        total=len(results),
        reconciled=Reconciled(results=(*results, rules), snapshot_at=NOW),
        owners={"lead": f"@{text}"},
    )
    return facts.model_copy(update=changes)


def under_way(text: str, count: int = 1) -> ReconciliationFacts:
    """A reconciliation whose row checks are under way."""
    progress = RowProgress(
        check="c",
        title=text,
        rows=412_000,
        rows_total=1_000_000,
        chunks=7,
        chunks_total=16,
        seconds_left=19,
    )
    return with_rows(text, reconciled=None, ended_at=None, progress=(progress,) * count)


ROWS: Mapping[str, Callable[[str], Facts]] = {
    "reconciliation of rows under way": under_way,
    "reconciliation of rows under way, several": lambda text: under_way(text, 3),
    "reconciliation called off": lambda text: with_rows(
        text, reconciled=None, ended="cancelled", ended_by=text, scope=(NAME_OF_60, "two")
    ),
    "reconciliation given up": lambda text: with_rows(text, reconciled=None, ended="abandoned"),
    "reconciliation with rows": with_rows,
    "reconciliation with rows of one check": lambda text: with_rows(
        text, checks=1, scope=(NAME_OF_60,), show_rows=True
    ),
    "reconciliation with rows that are told": lambda text: with_rows(
        text, checks=1, rows_told=(f"{NAME_OF_60[:50]}0",)
    ),
    "reconciliation of 40 row checks": lambda text: with_rows(text, checks=40, unknown=40),
    "rows": differing_rows,
    "rows, as many as there may be": lambda text: differing_rows(text, count=100),
    "rows of one": lambda text: differing_rows(
        text, count=1, found=RowsFound(legacy=1, new=1, differing=1), kept=1, status="passed"
    ),
    "rows that are only counted": lambda text: differing_rows(text, count=0, kept=0),
}

"""Reconciles in this process: with a line that says how far it is, called off by Ctrl-C, rows read after."""

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import Switchback
from bot.domain.check_result import Reconciled
from bot.domain.errors import CalledOffError, RefusedError, SettingsError
from bot.domain.messages.differing_rows import key_names
from bot.domain.playbook.document import Playbook
from bot.domain.row_difference import RowDifference
from bot.services.reconciliation import scope_of
from bot.store.reconciliations import Reconciliation
from bot.terminal.account import account
from bot.terminal.ending import joined
from bot.terminal.private_file import write_whole
from bot.terminal.progress_line import ProgressLine

MOST_ROWS = 1000
"""Rows of a check that are read to be printed; the CSV has all."""


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for; no checks are all of them."""

    migration: str
    checks: tuple[str, ...] = ()
    rows: bool = False
    csv: Path | None = None


@dataclass(frozen=True)
class RowsRead:
    """The first rows of a check that differ, of so many that are kept, and the names of their key."""

    key: tuple[str, ...]
    rows: tuple[RowDifference, ...]
    kept: int


@dataclass(frozen=True)
class FoundNow:
    """What a reconciliation found that is done. `rows` are by check, where they were asked for."""

    reconciliation: Reconciliation
    reconciled: Reconciled
    rows: dict[str, RowsRead] = field(default_factory=dict)
    csv: Path | None = None


async def reconciled_now(wanted: Wanted) -> FoundNow:
    """Do it. Raises what the services raise, and CalledOffError after Ctrl-C."""
    async with joined() as switchback:
        playbook = switchback.services.catalog.get(wanted.migration).playbook
        exported = None if wanted.csv is None else _exported(playbook, wanted.checks, wanted.csv)
        done = await _done(switchback, wanted)
        if done.reconciled is None:
            raise CalledOffError(f"The reconciliation of {wanted.migration} has no result")
        rows = await _rows(switchback, done, playbook) if wanted.rows else {}
        written = None
        if exported is not None and wanted.csv is not None and _has_rows(done.reconciled, exported):
            lines = switchback.services.row_export.lines(
                done.id, exported, actor=account(switchback.services.catalog, wanted.migration)
            )
            write_whole(wanted.csv, [line async for line in lines])
            written = wanted.csv
        return FoundNow(done, done.reconciled, rows, written)


async def _done(switchback: Switchback, wanted: Wanted) -> Reconciliation:
    cancelled, line = asyncio.Event(), ProgressLine(wanted.migration)
    with _called_off_by_signals(cancelled), line.shown():
        return await switchback.services.reconciling.run_now(
            wanted.migration,
            actor=account(switchback.services.catalog, wanted.migration),
            checks=wanted.checks,
            rows=wanted.rows,
            cancelled=cancelled,
            follow=line.show,
        )


@contextmanager
def _called_off_by_signals(cancelled: asyncio.Event) -> Iterator[None]:
    """Ctrl-C calls it off in good order; a second one leaves at once."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)

    def call_off() -> None:
        cancelled.set()
        restore()

    def restore() -> None:
        for number in numbers:
            loop.remove_signal_handler(number)

    for number in numbers:
        loop.add_signal_handler(number, call_off)
    try:
        yield
    finally:
        restore()


def _exported(playbook: Playbook, checks: Sequence[str], file: Path) -> str:
    """The one row check whose rows go into the file. Raises RefusedError for none, or several."""
    scope = scope_of(playbook, checks)
    comparing = [
        check.id
        for check in playbook.reconcile.checks
        if check.rows is not None and (scope is None or check.id in scope)
    ]
    if len(comparing) != 1:
        known = ", ".join(comparing) or "none of these checks compares rows"
        raise RefusedError(
            f"{file.name} holds the rows of one check", do=f"Name one that compares rows: {known}"
        )
    if not file.absolute().parent.is_dir():
        raise SettingsError(f"{file} cannot be written: there is no such folder", do="Name another file")
    return comparing[0]


async def _rows(switchback: Switchback, done: Reconciliation, playbook: Playbook) -> dict[str, RowsRead]:
    declared = {check.id: check.rows for check in playbook.reconcile.checks}
    found = {}
    async with switchback.store.reading() as tx:
        for result in done.reconciled.results if done.reconciled else ():
            if result.rows is not None:
                rows = await tx.row_differences.first(done.id, result.check, most=MOST_ROWS)
                key = key_names(declared.get(result.check), len(rows[0].key)) if rows else ()
                kept = await tx.row_differences.count(done.id, result.check)
                found[result.check] = RowsRead(key, rows, kept)
    return found


def _has_rows(reconciled: Reconciled, check: str) -> bool:
    return any(result.check == check and result.rows is not None for result in reconciled.results)

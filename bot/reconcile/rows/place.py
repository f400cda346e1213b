"""Where one side's rows are, with all that is needed to read them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from bot.domain.errors import SourceError
from bot.domain.playbook.places import RowSide, Side
from bot.domain.playbook.row_checks import Rows
from bot.domain.playbook.sources import SourceSpec
from bot.domain.select_only import one_select
from bot.reconcile.opening import Secrets, resolved
from bot.reconcile.source_identity import SourceIdentity


@dataclass(frozen=True)
class TimeFilter:
    """Rows whose time in a column is at least, or at most, a moment (with its zone).

    A row without a time is not in a window, and is behind every watermark.
    """

    column: str
    at_least: bool
    moment: datetime


@dataclass(frozen=True)
class RowPlace:
    """One side of a row check. `url` is None where the rows are in files."""

    side: Side
    spec: SourceSpec
    declared: RowSide
    url: URL | None
    folder: Path
    filters: tuple[TimeFilter, ...] = ()

    @property
    def backend(self) -> str:
        """`sqlite`, `postgresql`, `mysql`, `mariadb`, or `file`."""
        return "file" if self.url is None else self.url.get_backend_name()

    @property
    def identity(self) -> SourceIdentity:
        """How it is called, and how its driver's errors are told."""
        return SourceIdentity(self.side, self.url, files=self.declared.file or "")

    @property
    def seconds(self) -> float:
        """How long one query, or one chunk of one, may take."""
        return self.spec.timeout.total_seconds()

    @property
    def table(self) -> tuple[str, ...]:
        """The table's name, its schema before it; empty where the rows are not in a table."""
        return tuple((self.declared.table or "").split(".")) if self.declared.table else ()

    @property
    def query(self) -> str | None:
        """The declared query without its end."""
        return None if self.declared.query is None else one_select(self.declared.query)

    def problem(self, what: str, *, do: str = "") -> SourceError:
        """An error that names this side."""
        return SourceError(what, where=self.identity.where, do=do)


def row_place(
    side: Side, rows: Rows, spec: SourceSpec, *, folder: Path, secret: Secrets, now: datetime
) -> RowPlace:
    """The place of a side. Raises SettingsError and SourceError."""
    declared = rows.legacy if side == "legacy" else rows.new
    return RowPlace(
        side=side,
        spec=spec,
        declared=declared,
        url=None if declared.file is not None else resolved(spec, folder, secret),
        folder=folder,
        filters=_filters(side, rows, now),
    )


def _filters(side: Side, rows: Rows, now: datetime) -> tuple[TimeFilter, ...]:
    filters = []
    if rows.window is not None:
        column = rows.window.legacy if side == "legacy" else rows.window.new
        filters.append(TimeFilter(column=column, at_least=True, moment=now - rows.window.last))
    if rows.watermark is not None:
        column = rows.watermark.legacy if side == "legacy" else rows.watermark.new
        filters.append(TimeFilter(column=column, at_least=False, moment=now - rows.watermark.lag))
    return tuple(filters)

"""What each check found, reconciliation by reconciliation."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from bot.domain.check_history import CheckPoint
from bot.domain.check_result import CheckResult
from bot.domain.row_difference import MOST_KEPT
from bot.domain.summary_changes import RowChanges
from bot.store.connection import Connection
from bot.store.reconciliation_tables import check_history, row_differences, summaries
from bot.store.reconciliations import Reconciliation

# The day of a reconciliation that is the one its day's summary tells of.
_WITH_DAY = sa.select(
    check_history.c.reconciliation, check_history.c.at, check_history.c.body, summaries.c.day
).select_from(
    check_history.outerjoin(
        summaries,
        sa.and_(
            summaries.c.migration == check_history.c.migration,
            summaries.c.reconciliation == check_history.c.reconciliation,
            summaries.c.status == "told",
        ),
    )
)


class CheckHistory:
    """Writes and reads the history of checks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, finished: Reconciliation) -> None:
        """Keep what each check of a reconciliation found that is done."""
        if finished.reconciled is None or finished.ended_at is None or not finished.reconciled.results:
            return
        rows = [
            {
                "reconciliation": finished.id,
                "check_id": result.check,
                "migration": finished.migration,
                "at": finished.ended_at,
                "status": result.status,
                "body": result.model_dump(mode="json", exclude={"groups", "found"}),
            }
            for result in finished.reconciled.results
        ]
        await self._connection.execute(check_history.insert(), rows)

    async def of_check(self, migration: str, check: str, *, since: datetime) -> tuple[CheckPoint, ...]:
        """What a check found from a moment on, oldest first."""
        found = await self._connection.execute(
            _WITH_DAY.where(
                check_history.c.migration == migration,
                check_history.c.check_id == check,
                check_history.c.at >= since,
            ).order_by(check_history.c.at, check_history.c.reconciliation)
        )
        return tuple(_read(row) for row in found)

    async def newest(self, migration: str, check: str) -> CheckPoint | None:
        """What a check found last; None where it was never done."""
        found = await self._connection.execute(
            _WITH_DAY.where(check_history.c.migration == migration, check_history.c.check_id == check)
            .order_by(check_history.c.at.desc(), check_history.c.reconciliation.desc())
            .limit(1)
        )
        row = found.one_or_none()
        return None if row is None else _read(row)

    async def checks(self, migration: str) -> tuple[str, ...]:
        """The ids of all checks that have a history, those included that the playbook has no more."""
        query = sa.select(check_history.c.check_id).where(check_history.c.migration == migration).distinct()
        return tuple(sorted((await self._connection.execute(query)).scalars()))

    async def of_days(
        self, migration: str, *, since: date, check: str | None = None
    ) -> dict[str, dict[date, CheckPoint]]:
        """What each check, or one, found on the days whose summary was told, from a day on."""
        which = sa.true() if check is None else check_history.c.check_id == check
        found = await self._connection.execute(
            _WITH_DAY.where(
                check_history.c.migration == migration, summaries.c.day >= since.isoformat(), which
            )
        )
        days: dict[str, dict[date, CheckPoint]] = {}
        for point in map(_read, found):
            if point.day is not None:
                days.setdefault(point.result.check, {})[point.day] = point
        return days

    async def row_changes(self, before: Reconciliation, now: Reconciliation) -> dict[str, RowChanges]:
        """How many rows differ now that did not before, and the other way round, by check.

        Only of checks whose differing rows were all kept both times.
        """
        found = {}
        for check in sorted(_all_kept(before) & _all_kept(now)):
            counts = [await self._kept(one.id, check) for one in (before, now)]
            if counts == [_total(before, check), _total(now, check)]:
                found[check] = RowChanges(
                    new=await self._only_in(now.id, before.id, check),
                    fixed=await self._only_in(before.id, now.id, check),
                )
        return found

    async def _kept(self, reconciliation: str, check: str) -> int:
        query = sa.select(sa.func.count()).where(*_of(reconciliation, check))
        return int((await self._connection.execute(query)).scalar_one())

    async def _only_in(self, one: str, other: str, check: str) -> int:
        names = sa.select(row_differences.c.name)
        only = names.where(*_of(one, check)).except_(names.where(*_of(other, check))).subquery()
        return int(
            (await self._connection.execute(sa.select(sa.func.count()).select_from(only))).scalar_one()
        )


def _of(reconciliation: str, check: str) -> Collection[sa.ColumnElement[bool]]:
    return (row_differences.c.reconciliation == reconciliation, row_differences.c.check_id == check)


def _rows(done: Reconciliation) -> dict[str, CheckResult]:
    results = done.reconciled.results if done.reconciled is not None else ()
    return {result.check: result for result in results if result.rows is not None}


def _total(done: Reconciliation, check: str) -> int:
    rows = _rows(done)[check].rows
    return rows.total if rows is not None else 0


def _all_kept(done: Reconciliation) -> set[str]:
    return {check for check in _rows(done) if _total(done, check) <= MOST_KEPT}


def _read(row: sa.Row[tuple[object, ...]]) -> CheckPoint:
    return CheckPoint(
        reconciliation=row.reconciliation,
        at=row.at,
        day=None if row.day is None else date.fromisoformat(row.day),
        result=CheckResult.model_validate(row.body),
    )

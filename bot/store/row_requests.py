"""Who asked for the rows of a check, so that a press that comes twice is answered once."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.reconciliation_tables import row_requests


@dataclass(frozen=True)
class RowRequest:
    """That somebody asked for the rows of a check, for the thread or for themselves."""

    reconciliation: str
    check: str
    asked_for: str
    at: datetime
    by_name: str


class RowRequests:
    """Notes requests; the primary key decides who came first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, request: RowRequest, *, again_after: datetime | None = None) -> bool:
        """Note a request; False when there is one already, unless that is from before `again_after`."""
        at_and_by = {"at": request.at, "by_name": request.by_name}
        if await insert_once(self._connection, row_requests.insert().values(**_key(request), **at_and_by)):
            return True
        if again_after is None:
            return False
        written = await self._connection.execute(
            row_requests.update().where(_same(request), row_requests.c.at < again_after).values(**at_and_by)
        )
        return written.rowcount == 1

    async def earlier(self, request: RowRequest) -> RowRequest:
        """The request that came before this one."""
        row = (await self._connection.execute(sa.select(row_requests).where(_same(request)))).one()
        return RowRequest(row.reconciliation, row.check_id, row.asked_for, row.at, row.by_name)

    async def checks(self, reconciliation: str, asked_for: str) -> tuple[str, ...]:
        """The checks whose rows were asked for so."""
        query = (
            sa.select(row_requests.c.check_id)
            .where(row_requests.c.reconciliation == reconciliation, row_requests.c.asked_for == asked_for)
            .order_by(row_requests.c.check_id)
        )
        return tuple((await self._connection.execute(query)).scalars())


def _key(request: RowRequest) -> dict[str, str]:
    return {
        "reconciliation": request.reconciliation,
        "check_id": request.check,
        "asked_for": request.asked_for,
    }


def _same(request: RowRequest) -> sa.ColumnElement[bool]:
    return sa.and_(*(row_requests.c[name] == value for name, value in _key(request).items()))

"""Requests to sign or to vote, one open one for each criterion."""

import sqlalchemy as sa

from bot.domain.errors import UnknownNameError
from bot.domain.statement_request import StatementRequest
from bot.domain.wanted_statement import AboutCriterion
from bot.store.connection import Connection
from bot.store.decision_tables import statement_requests
from bot.store.insert_once import insert_once


class StatementRequests:
    """Reads requests, opens and ends them, and counts reminders."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, request_id: str) -> StatementRequest:
        """The request of that id. Raises UnknownNameError."""
        found = await self._one(statement_requests.c.id == request_id)
        if found is None:
            raise UnknownNameError("request to sign", request_id, ())
        return found

    async def open(self, about: AboutCriterion) -> StatementRequest | None:
        """The open one about a criterion; None where nobody has asked."""
        return await self._one(
            statement_requests.c.migration == about.migration,
            statement_requests.c.gate == about.gate,
            statement_requests.c.criterion == about.criterion,
            statement_requests.c.status == "open",
        )

    async def add(self, request: StatementRequest) -> bool:
        """Open one; False when there is an open one about the criterion."""
        return await insert_once(
            self._connection,
            statement_requests.insert().values(
                id=request.id,
                migration=request.migration,
                gate=request.gate,
                criterion=request.criterion,
                status=request.status,
                reminded=request.reminded,
                body=request.model_dump(mode="json", exclude={"status", "reminded"}),
            ),
        )

    async def end(self, request: StatementRequest) -> bool:
        """End one; False when somebody ended it first."""
        written = await self._connection.execute(
            statement_requests.update()
            .where(statement_requests.c.id == request.id, statement_requests.c.status == "open")
            .values(status="over")
        )
        return written.rowcount == 1

    async def remind(self, request_id: str, *, number: int) -> bool:
        """Count a reminder; False when it was given already, or the request is over."""
        written = await self._connection.execute(
            statement_requests.update()
            .where(
                statement_requests.c.id == request_id,
                statement_requests.c.status == "open",
                statement_requests.c.reminded == number - 1,
            )
            .values(reminded=number)
        )
        return written.rowcount == 1

    async def _one(self, *which: sa.ColumnElement[bool]) -> StatementRequest | None:
        table = statement_requests.c
        query = sa.select(table.body, table.status, table.reminded).where(*which)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        return StatementRequest.model_validate({**row.body, "status": row.status, "reminded": row.reminded})

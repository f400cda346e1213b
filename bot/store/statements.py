"""Signatures and votes of people, each written once and ended once."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.errors import UnknownNameError
from bot.domain.person import Actor
from bot.domain.statement import Statement
from bot.store.connection import Connection
from bot.store.decision_tables import statements
from bot.store.insert_once import insert_once


class Statements:
    """Reads statements, adds and ends them. None is ever deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, statement: Statement) -> bool:
        """Write a new one; False when this person has a standing one for the same."""
        return await insert_once(
            self._connection,
            statements.insert().values(
                id=statement.id,
                migration=statement.migration,
                gate=statement.gate,
                criterion=statement.criterion,
                item=statement.item,
                user_id=statement.by.id,
                at=statement.at,
                ended_at=statement.ended_at,
                body=statement.model_dump(mode="json"),
            ),
        )

    async def end(self, statement: Statement, *, by: Actor, at: datetime, why: str) -> bool:
        """End one; False when it has ended already."""
        ended = statement.model_copy(update={"ended_at": at, "ended_by": by, "ended_why": why})
        written = await self._connection.execute(
            statements.update()
            .where(statements.c.id == statement.id, statements.c.ended_at.is_(None))
            .values(ended_at=at, body=ended.model_dump(mode="json"))
        )
        return written.rowcount == 1

    async def get(self, statement_id: str) -> Statement:
        """The statement of that id. Raises UnknownNameError."""
        query = sa.select(statements.c.body).where(statements.c.id == statement_id)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownNameError("statement", statement_id, ())
        return Statement.model_validate(row.body)

    async def standing(self, migration: str) -> tuple[Statement, ...]:
        """Those of a migration that have not ended, oldest first."""
        return await self._listed(statements.c.migration == migration, statements.c.ended_at.is_(None))

    async def all(self, migration: str) -> tuple[Statement, ...]:
        """Those that have ended as well."""
        return await self._listed(statements.c.migration == migration)

    async def _listed(self, *which: sa.ColumnElement[bool]) -> tuple[Statement, ...]:
        query = sa.select(statements.c.body).where(*which).order_by(statements.c.at, statements.c.id)
        return tuple(Statement.model_validate(row.body) for row in await self._connection.execute(query))

"""One statement in one transaction, and what can be said of it afterwards."""

import asyncio
from enum import Enum, auto

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.database import LOCK_LOOK_SECONDS, Database, commit, is_busy, writing
from actions.sql_parameters import SqlParameters
from bot.ports.outcome import Evidence, Outcome


class _Stage(Enum):
    CONNECTING = auto()
    EXECUTING = auto()
    REFUSED = auto()
    COMMITTING = auto()
    COMMITTED = auto()


class Transaction:
    """Remembers how far it came, so that an end in the middle of it can be judged."""

    def __init__(self, parameters: SqlParameters) -> None:
        self._parameters = parameters
        self._stage = _Stage.CONNECTING
        self._rows: int | None = None

    async def run(self, base: Database, *, seconds: float) -> None:
        """Run the statement and commit when it affects as many rows as expected. Raises DBAPIError."""
        async with writing(base, seconds=seconds) as connection:
            self._stage = _Stage.EXECUTING
            bound = self._parameters.bound(self._parameters.statement)
            result = await connection.execute(text(self._parameters.statement), bound)
            self._rows = result.rowcount if result.rowcount >= 0 else None
            result.close()
            expected = self._parameters.expect_rows
            if expected and (self._rows is None or not expected.allow(self._rows)):
                self._stage = _Stage.REFUSED
                return
            await self._commit(connection)

    async def _commit(self, connection: AsyncConnection) -> None:
        while True:
            self._stage = _Stage.COMMITTING
            try:
                await commit(connection)
            except DBAPIError as error:
                if not is_busy(error) and not _refused_by_the_database(error):
                    raise
                self._stage = _Stage.EXECUTING
                if not is_busy(error):
                    raise
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise asyncio.CancelledError from None
            else:
                self._stage = _Stage.COMMITTED
                return
            await asyncio.sleep(LOCK_LOOK_SECONDS)

    def outcome(self, trouble: str, duration: Evidence) -> Outcome:
        """How it ended; `trouble` is why it did not end by itself, or nothing."""
        rows = "not told by the database" if self._rows is None else str(self._rows)
        evidence = (Evidence("rows affected", rows), duration) if self._rows is not None else (duration,)
        match self._stage:
            case _Stage.COMMITTED:
                return Outcome("succeeded", f"Committed; rows affected: {rows}", evidence)
            case _Stage.COMMITTING:
                text = f"It is not known whether the database committed: {trouble}"
                return Outcome("unknown", f"{text}; look there before running it again", evidence)
            case _Stage.REFUSED:
                text = f"Rolled back: {self._parameters.expect_rows} rows were expected, affected: {rows}"
                return Outcome("failed", text, evidence)
            case _Stage.EXECUTING:
                return Outcome("failed", f"Rolled back, nothing was changed: {trouble}", evidence)
            case _Stage.CONNECTING:
                return Outcome("failed", f"Nothing was done: {trouble}", evidence)


def _refused_by_the_database(error: DBAPIError) -> bool:
    """Whether an error at the commit was the database's own, clear no: the transaction is rolled back."""
    if error.connection_invalidated:
        return False
    state = getattr(error.orig, "sqlstate", None)
    # Classes 08 and 57 of PostgreSQL tell of the connection and of the server's end.
    return isinstance(error, IntegrityError) or (state is not None and state[:2] not in {"08", "57"})

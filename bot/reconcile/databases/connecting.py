"""Connections of synchronous drivers."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")
Interrupt = Callable[[Connection], None]


class EngineConnector:
    """Implements `bot.reconcile.databases.database.Connector` over an engine.

    `interrupt` ends a query from another thread, where the driver can.
    """

    def __init__(self, engine: Engine, *, interrupt: Interrupt | None = None) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._interrupt = interrupt

    def call(self, work: Callable[[Connection], T]) -> T:
        """Do something on the connection."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return work(self._connection)

    def interrupt(self) -> None:
        """End what is under way, from another thread."""
        if self._interrupt is not None and self._connection is not None:
            self._interrupt(self._connection)

    def drop(self) -> None:
        """Close the connection; the next call makes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Close it for good."""
        self.drop()
        self._engine.dispose()

"""What the repositories need of a connection, whichever database is behind it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

T = TypeVar("T")


class Connection(Protocol):
    """A connection inside a transaction."""

    async def execute(
        self,
        statement: sa.Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        /,
    ) -> sa.CursorResult[Any]:
        """Execute a statement, and give its whole result."""

    def begin_nested(self) -> AbstractAsyncContextManager[object]:
        """A part that can be rolled back alone."""

    async def run_sync(self, function: Callable[[sa.Connection], T], /) -> T:
        """Call a function with the connection as SQLAlchemy's synchronous one."""


class Database(Protocol):
    """Opens transactions.

    Both raise OperationalError or InterfaceError when the database cannot be used.
    """

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""

    def writing(self, *, later: bool) -> AbstractAsyncContextManager[Connection]:
        """A transaction that commits at its end, and rolls back when an error leaves it.

        Where one writes at a time, `later` lets all others go first.
        """

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction that sees one moment and writes nothing."""

    async def close(self) -> None:
        """Give back every connection."""

"""What a source needs to know of a kind of database."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

LONGEST_CONNECT = 10
"""Seconds to reach a server, at most."""


@dataclass(frozen=True)
class Limits:
    """Seconds that a query may take, seconds that it may wait for a lock, and queries asked at once."""

    seconds: float
    lock_seconds: float = 5.0
    connections: int = 2


class Connector(Protocol):
    """One connection of a lane, made when it is first needed, used in the lane's thread alone."""

    def call(self, work: Callable[[Connection], T]) -> T:
        """Do something on the connection."""

    def interrupt(self) -> None:
        """End what is under way, from another thread; nothing where the driver cannot."""

    def drop(self) -> None:
        """Close the connection; the next call makes another."""

    def close(self) -> None:
        """Close it for good."""


class Database(Protocol):
    """One kind of database, for one URL.

    `shares_snapshot`: several connections can read one snapshot; else one connection reads it alone.
    `reopens`: where no snapshot is held, each query opens the database anew.
    `knows_limit`: a SELECT can be bounded by LIMIT; else only so many rows are fetched.
    """

    shares_snapshot: bool
    reopens: bool
    knows_limit: bool

    def connector(self) -> Connector:
        """Another connection."""

    def check(self) -> None:
        """Raises SourceError where one can see, without connecting, that there is nothing to read."""

    def keeps_snapshot(self, connection: Connection, /) -> bool:
        """Whether this database gives one snapshot to many queries."""

    def begin(self, connection: Connection, *, held: bool, snapshot: str | None) -> str | None:
        """Begin a read-only transaction with its time-outs.

        Where it is `held`, it stays open for many queries in one snapshot, the named one where there is a
        name; gives the name of the snapshot where others can read it.
        """

    def guard(self, connection: Connection, /, *, deadline: float, given_up: Event) -> None:
        """What has to be set before each query; the deadline is one of `time.monotonic`."""

    def rewind(self, connection: Connection, /) -> None:
        """After a query of a held transaction, failed or not: as it was before, its locks given back."""

    def too_slow(self, error: DBAPIError, /) -> bool:
        """Whether the error is the database's way to say that a time-out ended the query."""

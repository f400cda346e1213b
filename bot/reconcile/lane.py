"""A thread with a connection of its own: all that a source asks goes through one of its lanes."""

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.reconcile.databases.database import Database

T = TypeVar("T")
Ask = Callable[[Connection], T]


class Snapshot:
    """The snapshot that the lanes of a source read; `held` once one was asked for.

    `name` is how other connections can read it. When the connection that took it is lost, its name is
    forgotten, and the next one takes another.
    """

    def __init__(self) -> None:
        self.held = False
        self.name: str | None = None
        self.lock = Lock()


class Lane:
    """One connection, used in one thread, for one question at a time."""

    def __init__(self, database: Database, snapshot: Snapshot, *, name: str) -> None:
        self._database = database
        self._snapshot = snapshot
        self._connector = database.connector()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"source-{name}")
        self._begun: str | None = None
        self._holds = False

    def submit(self, ask: Ask[T], *, seconds: float, given_up: Event) -> "Future[T]":
        """Ask in the lane's thread; at most so many seconds where the database can keep to that."""
        return self._thread.submit(self._asked, ask, seconds, given_up)

    def interrupt(self) -> None:
        """End what is under way, from another thread, as far as the driver can."""
        with contextlib.suppress(SQLAlchemyError):
            self._connector.interrupt()

    def close(self) -> "Future[None]":
        """Close the connection after what is under way, and end the thread."""
        closing = self._thread.submit(self._connector.close)
        self._thread.shutdown(wait=False)
        return closing

    def _asked(self, ask: Ask[T], seconds: float, given_up: Event) -> T:
        self._database.check()
        deadline = time.monotonic() + seconds

        def work(connection: Connection) -> T:
            if not self._holds:
                self._begin(connection)
            self._database.guard(connection, deadline=deadline, given_up=given_up)
            try:
                return ask(connection)
            finally:
                if self._holds:
                    self._rewind(connection)
                elif not connection.invalidated:
                    connection.rollback()

        answered = False
        try:
            answer = self._connector.call(work)
            answered = True
        finally:
            # After an error nobody knows what the connection is good for, unless a snapshot was rewound.
            if not self._holds and (self._database.reopens or not answered):
                self._connector.drop()
        return answer

    def _begin(self, connection: Connection) -> None:
        snapshot = self._snapshot
        if not snapshot.held:
            self._database.begin(connection, held=False, snapshot=None)
            return
        with snapshot.lock:
            name = snapshot.name
            try:
                snapshot.name = self._database.begin(connection, held=True, snapshot=name)
            except SQLAlchemyError:
                # Who took it is gone, or nobody could: the next one begins anew.
                snapshot.name = None
                raise
            self._begun, self._holds = snapshot.name, True

    def _rewind(self, connection: Connection) -> None:
        if connection.invalidated:
            self._lost()
            return
        try:
            self._database.rewind(connection)
        except SQLAlchemyError:
            self._lost()
            raise

    def _lost(self) -> None:
        with self._snapshot.lock:
            if self._snapshot.name == self._begun:
                self._snapshot.name = None
        self._holds = False

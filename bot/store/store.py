"""Transactions: state, timeline, audit, messages and durable jobs, committed together."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.domain.playbook.plans import Plan
from bot.store.check_history import CheckHistory
from bot.store.connection import Connection, Database
from bot.store.database import unusable
from bot.store.delivery import Delivery
from bot.store.discrepancies import Discrepancies
from bot.store.follow_ups import FollowUps
from bot.store.incidents import Incident, Incidents
from bot.store.journal import Journal
from bot.store.outbox import Outbox
from bot.store.phases import PhaseMoves
from bot.store.reconciliations import Reconciliations
from bot.store.rehearsals import Rehearsals
from bot.store.replicas import Replicas
from bot.store.reviews import Reviews
from bot.store.role_copies import RoleCopies
from bot.store.row_differences import RowDifferences
from bot.store.row_requests import RowRequests
from bot.store.runs import Runs
from bot.store.start_requests import StartRequests
from bot.store.summaries import Summaries
from bot.store.walks import Walks


class Jobs(Protocol):
    """Writes durable jobs into a transaction of ours."""

    def enqueue(
        self,
        connection: sa.Connection,
        *,
        job: str,
        job_id: str,
        arguments: Mapping[str, JsonValue],
        delay: timedelta | None,
    ) -> None:
        """Write the job; one of the same id is written once."""


@dataclass(frozen=True)
class Kept:
    """What never changes and is read once: the plans of runs, and where incidents are told of."""

    plans: dict[str, Plan] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)


class Transaction:
    """One transaction. Nothing in it is seen, sent or started before it commits."""

    def __init__(self, connection: Connection, jobs: Jobs, kept: Kept) -> None:
        self.connection = connection
        self.journal = Journal(connection)
        self.outbox = Outbox(connection)
        self.delivery = Delivery(connection)
        self.incidents = Incidents(connection, self.outbox, kept.incidents)
        self.walks = Walks(connection)
        self.runs = Runs(connection, kept.plans)
        self.replicas = Replicas(connection)
        self.follow_ups = FollowUps(connection)
        self.start_requests = StartRequests(connection)
        self.reviews = Reviews(connection)
        self.rehearsals = Rehearsals(connection)
        self.reconciliations = Reconciliations(connection)
        self.row_differences = RowDifferences(connection)
        self.row_requests = RowRequests(connection)
        self.check_history = CheckHistory(connection)
        self.summaries = Summaries(connection)
        self.discrepancies = Discrepancies(connection)
        self.role_copies = RoleCopies(connection)
        self.phases = PhaseMoves(connection)
        self._jobs = jobs

    async def enqueue(
        self, job: str, *, job_id: str, delay: timedelta | None = None, **arguments: JsonValue
    ) -> None:
        """Start a durable job when this transaction has committed."""
        await self.connection.run_sync(
            lambda connection: self._jobs.enqueue(
                connection, job=job, job_id=job_id, arguments=arguments, delay=delay
            )
        )


class Store:
    """Our database. `mail` is set when messages were committed, so that the sender need not poll fast."""

    def __init__(self, *, database: Database, jobs: Jobs) -> None:
        self.database = database
        self.mail = asyncio.Event()
        self._jobs = jobs
        self._kept = Kept()

    @asynccontextmanager
    async def transaction(self, *, later: bool = False) -> AsyncIterator[Transaction]:
        """A writing transaction; it commits at the end, or rolls back when an error leaves it.

        `later` is for work that nobody waits for: a person's press and a run's step go before it.
        Raises StoreError when the database cannot be used.
        """
        try:
            async with self.database.writing(later=later) as connection:
                transaction = Transaction(connection, self._jobs, self._kept)
                yield transaction
                await transaction.journal.seal()
        except (OperationalError, InterfaceError) as error:
            raise unusable(error) from error
        if transaction.outbox.written:
            self.mail.set()

    async def try_writing(self) -> None:
        """Write and commit, and leave no trace. Raises StoreError when that cannot be done.

        A database on a full disk can still be read, so that only a write tells.
        """
        async with self.transaction(later=True) as tx:
            await tx.delivery.write_in_vain()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A transaction that only reads. Raises StoreError when the database cannot be used."""
        try:
            async with self.database.reading() as connection:
                yield Transaction(connection, self._jobs, self._kept)
        except (OperationalError, InterfaceError) as error:
            raise unusable(error) from error

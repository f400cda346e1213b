"""Durable jobs on DBOS Transact: written in our transaction, run at least once, recovered at start.

A job is a name and JSON arguments. The one workflow only finds the job's function and calls it, so
that nothing which waits depends on the code that was running when it was written (its version is
pinned). What a job does is made safe to repeat by our own records, not by DBOS's step journal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from itertools import chain, repeat

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from dbos._serialization import DBOSPortableJSON
from pydantic import JsonValue
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.domain.errors import StoreError
from bot.engine.bookkeeping import bookkeeping
from bot.store.database import unusable

JobFunction = Callable[..., Awaitable[None]]

APPLICATION = "switchback"
WORKFLOW = "switchback.job"
QUEUE = "switchback"
# Pinned: a job that an older release wrote is taken up by a newer one.
VERSION = "1"
# A job starts in about 28 ms at this interval; notes on durable execution give the measurement.
POLL_SECONDS = 0.05
OUTAGE_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)

log = structlog.get_logger()


class Durable:
    """The one DBOS of this process. `jobs` binds names to functions."""

    def __init__(self, *, url: sa.URL, replica: str) -> None:
        self._url = url.render_as_string(hide_password=False)
        self._engine = bookkeeping(url)
        self._replica = replica
        self._jobs: dict[str, JobFunction] = {}
        self._client: DBOSClient | None = None
        self._launched = False

    def register(self, name: str, function: JobFunction) -> None:
        """Bind a name to a function. Raises ValueError for a name bound already."""
        if name in self._jobs:
            raise ValueError(f"the job {name} is bound already")
        self._jobs[name] = function

    async def prepare(self) -> None:
        """Create DBOS's tables, for a process that writes jobs and runs none: no bot may have done it yet."""
        await asyncio.to_thread(DBOS.migrate, self._url)

    async def launch(self) -> None:
        """Create DBOS's tables, recover this replica's jobs, and begin to work.

        The caller holds the replica's lock: a second process of the same id would repeat live jobs.
        Raises StoreError when the database cannot be used.
        """
        try:
            await self._launch()
        except (OperationalError, InterfaceError) as error:
            raise unusable(error) from None

    async def _launch(self) -> None:
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": self._url,
            "system_database_engine": self._engine,
            "application_version": VERSION,
            "executor_id": self._replica,
            "serializer": DBOSPortableJSON,
            "use_listen_notify": False,
            "log_level": "WARNING",
        }
        DBOS(config=config)

        async def workflow(job: str, arguments: dict[str, JsonValue]) -> None:
            await self._run(job, arguments)

        DBOS.workflow(name=WORKFLOW)(workflow)
        # Launched inside the loop, so that jobs run on it and share its connections.
        DBOS.launch()
        self._launched = True
        await DBOS.register_queue_async(QUEUE, polling_interval_sec=POLL_SECONDS, on_conflict="always_update")

    async def adopt(self, replica: str) -> None:
        """Take over the jobs that a dead replica had begun: they are safe to repeat."""
        begun = await DBOS.list_workflows_async(
            status="PENDING", executor_id=replica, load_input=False, load_output=False
        )
        if begun:
            ids = [workflow.workflow_id for workflow in begun]
            await DBOS.resume_workflows_async(ids, queue_name=QUEUE)

    async def close(self) -> None:
        """Stop working. Jobs that are under way are taken up at the next start."""
        if self._client is not None:
            await asyncio.to_thread(self._client.destroy)
        if self._launched:
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        if self._engine is not None:
            self._engine.dispose()

    def enqueue(
        self,
        connection: sa.Connection,
        *,
        job: str,
        job_id: str,
        arguments: Mapping[str, JsonValue],
        delay: timedelta | None,
    ) -> None:
        """Write a job into the caller's transaction; one of the same id is written once."""
        if self._client is None:
            self._client = DBOSClient(
                system_database_url=self._url,
                serializer=DBOSPortableJSON,
                lazy=True,
                application_name="switchback",
            )
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": job_id,
            "app_version": VERSION,
        }
        if delay is not None:
            options["delay_seconds"] = delay.total_seconds()
        self._client.enqueue_in_transaction(connection, options, job, dict(arguments))

    async def _run(self, job: str, arguments: dict[str, JsonValue]) -> None:
        function = self._jobs[job]
        pauses = chain(OUTAGE_PAUSES, repeat(OUTAGE_PAUSES[-1]))
        while True:
            try:
                await function(**arguments)
            except StoreError as error:
                # The job's own records say what is done, so trying again is safe; giving up is not.
                log.warning("job.database_away", job=job, arguments=arguments, problem=str(error))
                await asyncio.sleep(next(pauses))
            except Exception:
                log.exception("job.failed", job=job, arguments=arguments)
                raise
            else:
                return

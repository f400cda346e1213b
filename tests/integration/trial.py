"""Everything but Slack, joined over one store, with the outside world faked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import aiohttp
import sqlalchemy as sa
from pydantic import SecretStr

from bot.domain.messages.timeline import TimelineEntry
from bot.domain.person import Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.plans import Plan
from bot.domain.run import Run, first_states
from bot.domain.start_request import StartRequest
from bot.domain.walk import Walk
from bot.engine.interpreter import Interpreter
from bot.engine.registry import ActionRegistry
from bot.joining import join
from bot.joining_gates import GateServices
from bot.outside import Outside
from bot.ports.action import Action, Parameters
from bot.ports.clock import Ids
from bot.ports.coverage import Coverage, CoverageReader
from bot.ports.reconciler import Reconciler
from bot.ports.table_reader import TableReader
from bot.reconcile.table_reader import PlaybookTableReader
from bot.services.after_decision import AfterDecision, UnderWay
from bot.services.catalog import Catalog
from bot.services.confirmation import Confirmation
from bot.services.daily import DailyService
from bot.services.services import Services
from bot.services.start_requests import GivenApproval
from bot.signals.documents import Documents
from bot.store.incidents import Incident
from bot.store.outbox import OutboxRow
from bot.store.store import Store
from bot.store.tables import audit, incidents, outbox
from tests.fakes.actions import ScriptedAction
from tests.fakes.clock import CountingIds, FakeClock
from tests.fakes.coverage import FakeCoverage
from tests.fakes.jobs import FakeJobs, Job
from tests.fakes.measuring import FakeReconciler, FakeSignals
from tests.fakes.roles import FakeRoles
from tests.fakes.settled_gates import SettledGates
from tests.integration.ledger import GROUPS, INCIDENTS, SAM, ledger


@dataclass(frozen=True)
class Trial:
    """The product over fakes, and what a test wants to know of it afterwards."""

    store: Store
    folder: Path
    clock: FakeClock
    jobs: FakeJobs
    action: ScriptedAction
    roles: FakeRoles
    signals: FakeSignals
    reconciler: FakeReconciler
    services: Services
    interpreter: Interpreter
    daily: DailyService
    gates: GateServices
    after_decision: AfterDecision
    settled: SettledGates
    under_way: UnderWay
    functions: Mapping[str, Callable[..., Awaitable[None]]]

    async def work(self) -> None:
        """Run every durable job that is due."""
        await self.jobs.run_due(self.store.database, self.functions)

    async def waiting_jobs(self) -> list[Job]:
        """The durable jobs that have not been run."""
        return await self.jobs.written(self.store.database, waiting=True)

    async def work_jobs_away(self) -> None:
        """Lose every durable job that is due, as a process does that dies with them."""
        await self.jobs.lose(self.store.database)

    async def started(
        self,
        plan: Plan,
        *,
        by: Actor = SAM,
        fallbacks: Mapping[str, Plan] | None = None,
        emergency: str = "",
    ) -> str:
        """The id of a confirmed run of a plan, with its first job waiting."""
        now = self.clock.now()
        incident = Incident("incident-1", "ledger", "production", INCIDENTS, opened_at=now, opened_by=by)
        run = Run(
            id="run-1",
            incident=incident.id,
            migration="ledger",
            environment="production",
            title="General ledger",
            folder=self.folder,
            plan_id="immediate",
            plan=plan,
            playbook_digest="1" * 64,
            status="running",
            confirmed_by=by,
            confirmed_at=now,
            detected_at=now,
            fallbacks=dict(fallbacks or {}),
            emergency=emergency,
            steps=first_states(plan),
        )
        async with self.store.transaction() as tx:
            await tx.incidents.add(incident)
            await tx.runs.add(run)
            await tx.enqueue("run", job_id=f"run:{run.id}:1", run_id=run.id)
        return run.id

    async def run(self, run_id: str = "run-1") -> Run:
        """A run as it stands."""
        async with self.store.reading() as tx:
            return await tx.runs.get(run_id)

    async def until(self, reached: Callable[[Run], bool]) -> None:
        """Wait until the run has come so far."""
        async with asyncio.timeout(10):
            while not reached(await self.run()):
                continue

    async def concluded(self, *, by: Actor = SAM) -> Walk:
        """A walk whose verdict is to roll back, with its preview."""
        walk = await self.services.walks.open("ledger", actor=by)
        walk = await self.services.walks.answer(walk.id, version=1, answer="outage", actor=by)
        walk = await self.services.walks.answer(walk.id, version=2, answer="yes", actor=by)
        await self.work()
        return await self.services.walks.get(walk.id)

    async def confirmation(self, walk: Walk, *, typed: str = "ledger") -> Confirmation:
        """What a person who looks at the walk's preview now submits."""
        shown = await self.services.confirmation.shown(walk.id, actor=SAM)
        return Confirmation(walk_id=walk.id, preview_id=shown.id, digest=shown.digest(), typed=typed)

    async def asked(self, *, by: Actor = SAM) -> StartRequest:
        """A rollback that waits for approvals."""
        walk = await self.concluded(by=by)
        return await self.services.confirmation.ask(await self.confirmation(walk), actor=by)

    async def approve(
        self, request: StartRequest, *, by: Actor, typed: str = "ledger", code: str = ""
    ) -> Run | StartRequest:
        """What comes of it when a person approves what is shown now."""
        given = GivenApproval(request.id, request.preview, request.digest, typed, code)
        return await self.services.start_requests.approve(given, actor=by)

    async def timeline(self, incident_id: str = "incident-1") -> tuple[TimelineEntry, ...]:
        """The lines of an incident."""
        async with self.store.reading() as tx:
            return await tx.incidents.timeline(incident_id)

    async def told(self, incident_id: str = "incident-1") -> list[str]:
        """The lines of an incident as `who: what`."""
        return [f"{entry.actor}: {entry.text}" for entry in await self.timeline(incident_id)]

    async def audited(self) -> list[tuple[str, str]]:
        """The audit log as (kind, who)."""
        async with self.store.database.reading() as connection:
            rows = await connection.execute(sa.select(audit).order_by(audit.c.number))
            return [(row.kind, row.actor) for row in rows]

    async def messages(self, kind: str) -> list[OutboxRow]:
        """The messages of a kind that wait to be sent."""
        names = OutboxRow.__dataclass_fields__
        query = sa.select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.number)
        async with self.store.database.reading() as connection:
            rows = (await connection.execute(query)).mappings()
            return [OutboxRow(**{name: row[name] for name in names}) for row in rows]

    async def incident_is_open(self, incident_id: str = "incident-1") -> bool:
        """Whether an incident has not been closed."""
        query = sa.select(incidents.c.closed_at).where(incidents.c.id == incident_id)
        async with self.store.database.reading() as connection:
            return (await connection.execute(query)).scalar_one() is None

    async def counts(self) -> dict[str, int]:
        """How many rows each table has, jobs included."""
        async with self.store.database.reading() as connection:
            names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
            counted = {}
            for name in names:
                query = sa.select(sa.func.count()).select_from(sa.table(name))
                counted[name] = (await connection.execute(query)).scalar_one()
            return counted


@asynccontextmanager
async def joined(
    *,
    store: Store,
    clock: FakeClock,
    jobs: FakeJobs,
    folder: Path,
    phase: str = "parallel",
    quorum: int = 0,
    real: Reconciler | None = None,
    playbook: LoadedPlaybook | None = None,
    tables: TableReader | None = None,
    coverage: CoverageReader | None = None,
    ids: Ids | None = None,
    factor_key: SecretStr | None = None,
    more: Sequence[Action[Parameters]] = (),
    settled: SettledGates | None = None,
    real_gates: bool = False,
) -> AsyncIterator[Trial]:
    """A trial until the block ends, of `ledger` in a phase, or of another playbook.

    Reconciliations are done by `real` where one is given, and by the trial's fake otherwise. With
    `real_gates` decisions and cutovers rest on what evaluates the playbook's gates, not on settled ones.
    """
    action, roles = ScriptedAction(), FakeRoles({name: set(people) for name, people in GROUPS.items()})
    signals, reconciler = FakeSignals(clock=clock), FakeReconciler()
    loaded = playbook or ledger(folder, phase=phase, quorum=quorum)
    catalog = Catalog({loaded.playbook.migration: loaded})
    async with aiohttp.ClientSession() as session:
        outside = Outside(
            roles=roles,
            signals=signals,
            reconciler=real or reconciler,
            tables=tables or PlaybookTableReader(secret=lambda name: name),
            registry=ActionRegistry([cast(Action[Parameters], action), *more]),
            session=session,
            secret=lambda name: name,
            clock=clock,
            ids=ids or CountingIds(),
            replica="trial",
            factor_key=factor_key,
            coverage=coverage or FakeCoverage(Coverage((), 0, 0)),
            documents=Documents(session=session, clock=clock),
        )
        evaluates = settled or SettledGates(clock=clock)
        stands_in = None if real_gates else evaluates
        product = join(catalog=catalog, store=store, outside=outside, evaluates=stands_in)
        yield Trial(
            store=store,
            folder=folder,
            clock=clock,
            jobs=jobs,
            action=action,
            roles=roles,
            signals=signals,
            reconciler=reconciler,
            services=product.services,
            interpreter=product.interpreter,
            daily=product.daily,
            gates=product.gates,
            after_decision=product.after_decision,
            settled=evaluates,
            under_way=product.under_way,
            functions=product.jobs,
        )

"""The months of planwise, lived through on a moved clock: real databases, checks, services and samples."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from pydantic import TypeAdapter
from yarl import URL

from bot.domain.measurement import Measurement
from bot.domain.person import Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.reconcile.reconciler import PlaybookReconciler
from bot.sandbox.seed import DEFAULT_SEED
from bot.store.decision_tables import metric_samples
from bot.store.store import Store
from bot.system import SortableIds
from examples.example_data import write_json
from examples.planwise import router
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.carrying import Carried, adapters
from tests.integration.passing_clock import PassingClock
from tests.integration.planwise.conftest import Data
from tests.integration.planwise.playbook import planwise
from tests.integration.planwise.test_services import World, served
from tests.integration.reconcile.test_reconciler import no_setting
from tests.integration.trial import Trial, joined

_MEASUREMENT = TypeAdapter(Measurement)
SAMPLED_EVERY = timedelta(minutes=5)
LATENCY = Decimal(140)


def person(user_id: str) -> Actor:
    """Somebody of the local workspace."""
    return Actor(user_id, next(one.name for one in DEFAULT_SEED.people if one.id == user_id))


@dataclass
class Season:
    """What a test does in it, day by day."""

    trial: Trial
    carried: Carried
    world: World
    pristine: Path
    clock: FakeClock

    async def daily(self, days: int) -> list[str]:
        """So many days with their samples and, on business days, their reconciliation; the checks that
        failed in the last one."""
        failed: list[str] = []
        for _ in range(days):
            await self.sampled(timedelta(days=1))
            await self.trial.daily.look()
            await self.trial.work()
            failed = await self._last_reconciled()
        return failed

    async def _last_reconciled(self) -> list[str]:
        """The checks that failed in the last reconciliation; its variance is what samples measure."""
        async with self.trial.store.reading() as tx:
            latest = await tx.reconciliations.latest("planwise")
        assert latest is not None
        assert latest.reconciled is not None
        self.trial.signals.values["variance"] = latest.reconciled.max_critical_variance() or Decimal(0)
        return sorted(one.check for one in latest.reconciled.results if one.status != "passed")

    async def sampled(self, span: timedelta) -> None:
        """Time in which signals are sampled; the last sample is taken as the product takes each."""
        loaded = self.trial.services.catalog.get("planwise")
        rows: list[dict[str, object]] = []
        for _ in range(span // SAMPLED_EVERY - 1):
            self.clock.advance(SAMPLED_EVERY.total_seconds())
            for one in await self.trial.signals.measure_all(loaded, ["variance", "latency"]):
                body = _MEASUREMENT.dump_python(one, mode="json")
                rows.append({"migration": "planwise", "signal": one.signal, "at": one.at, "body": body})
        async with self.trial.store.database.writing(later=False) as connection:
            await connection.execute(metric_samples.insert(), rows)
        self.clock.advance(SAMPLED_EVERY.total_seconds())
        await self.trial.gates.sampling.look()

    def batch(self) -> None:
        """The daily batch, done right: what legacy pays is what the new system has."""
        with closing(sqlite3.connect(self.world.data / "new.db")) as connection, connection:
            connection.execute("ATTACH DATABASE ? AS legacy", (str(self.world.data / "legacy.db"),))
            for table in ("employees", "workforce_snapshot"):
                connection.execute(
                    f"UPDATE {table} SET current_compensation = (SELECT salary FROM legacy.employees AS there"
                    f" WHERE there.employee_id = {table}.employee_id)"
                )

    def load_again(self) -> None:
        """The new system's database, loaded anew without the mistakes that were in it."""
        shutil.copy(self.pristine / "new.db", self.world.data / "new.db")

    def raise_salaries(self) -> None:
        """Everybody of level 3 gets a twentieth more, in legacy."""
        with closing(sqlite3.connect(self.world.data / "legacy.db")) as connection, connection:
            raised = connection.execute("UPDATE employees SET salary = salary * 105 / 100 WHERE level = 3")
            assert raised.rowcount > 0

    async def answers_from(self) -> str:
        """Which system the front door leads to."""
        async with self.world.router.get("/employees/count") as answer:
            return answer.headers["X-Served-By"]


@asynccontextmanager
async def parts(data: Path) -> AsyncIterator[World]:
    """Both systems and their router over a folder of data, on ports of their own."""
    async with AsyncExitStack() as stack:
        legacy = await stack.enter_async_context(served("legacy", data))
        new = await stack.enter_async_context(served("new", data))
        systems = {"legacy": URL(legacy.make_url("/")), "new": URL(new.make_url("/"))}
        app = router.application(router.Routes(data / "routing.json", systems))
        front = await stack.enter_async_context(TestClient(TestServer(app, host="127.0.0.1")))
        yield World(data, legacy, new, front)


@asynccontextmanager
async def season(
    *, store: Store, jobs: FakeJobs, clock: FakeClock, made: Data, folder: Path
) -> AsyncIterator[Season]:
    """A season that begins in shadow with the discrepant data, everybody being led to legacy."""
    shutil.copytree(made("discrepant"), folder / "data")
    shutil.copytree(made("clean"), folder / "staging")
    write_json(folder / "data" / "routing.json", {"primary": "legacy"})
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(parts(folder / "data"))
        staging = await stack.enter_async_context(parts(folder / "staging"))
        playbook = planwise(ports=ports(world, staging)).in_phase("shadow")
        together = joined(
            store=store,
            clock=clock,
            jobs=jobs,
            folder=folder,
            playbook=LoadedPlaybook(playbook=playbook, folder=folder, digest="3" * 64),
            real=PlaybookReconciler(clock=PassingClock(clock), secret=no_setting),
            more=adapters("http", "file"),
            ids=SortableIds(),
            real_gates=True,
        )
        trial = await stack.enter_async_context(together)
        trial.roles.groups = {group.handle: set(group.members) for group in DEFAULT_SEED.usergroups}
        trial.signals.values["latency"] = LATENCY
        await trial.services.phases.begin()
        await trial.daily.look()
        yield Season(trial, Carried(trial, "planwise"), world, made("clean"), clock)


def ports(world: World, staging: World) -> dict[int, int]:
    """Where they are served, by the ports that the playbook names."""
    clients = {
        8711: world.legacy,
        8712: world.new,
        8713: world.router,
        8721: staging.legacy,
        8722: staging.new,
        8723: staging.router,
    }
    return {declared: client.port for declared, client in clients.items() if client.port is not None}

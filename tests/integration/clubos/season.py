"""The months of the club's migration, lived through on a moved clock: real databases, checks and services."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.domain.person import Actor
from bot.reconcile.reconciler import PlaybookReconciler
from bot.sandbox.seed_file import read_seed
from bot.store.store import Store
from bot.system import SortableIds
from examples.clubos import legacy_service, new_service
from examples.clubos.club import written
from examples.clubos.sync import sync
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.carrying import Carried, adapters
from tests.integration.clubos.conftest import Data
from tests.integration.clubos.playbook import FOLDER, loaded
from tests.integration.clubos.test_services import World
from tests.integration.passing_clock import PassingClock
from tests.integration.reconcile.test_reconciler import no_setting
from tests.integration.trial import Trial, joined

SYNCS_A_DAY = 4
# By domain: legacy's table and its key; a row that is touched there comes over with the next sync.
TOUCHED = {
    "member-records": ("members", "member_no"),
    "events": ("events", "event_no"),
    "registrations": ("registrations", "event_no"),
    "event-notes": ("event_notes", "event_no"),
    "contact-changes": ("contact_changes", "change_id"),
}


def person(user_id: str) -> Actor:
    """Somebody of the club's workspace."""
    names = {one.id: one.name for one in read_seed(FOLDER / "workspace.yml").people}
    return Actor(user_id, names[user_id])


@dataclass
class Season:
    """What a test does in it, day by day."""

    trial: Trial
    carried: Carried
    world: World
    staging: World
    clock: FakeClock

    async def sync(self) -> None:
        """One incremental pull, as the new system makes it by itself."""
        sync(self.world.data, now=self.clock.now())

    async def daily(self, days: int) -> list[str]:
        """So many days with their syncs and their reconciliation; the checks that failed on the last one."""
        failed: list[str] = []
        for _ in range(days):
            for _ in range(SYNCS_A_DAY):
                self.clock.advance(hours=24 / SYNCS_A_DAY)
                await self.sync()
            await self.trial.daily.look()
            await self.trial.work()
            failed = await self.failed()
        return failed

    async def failed(self) -> list[str]:
        """The checks that failed in the last reconciliation, which is that of today."""
        async with self.trial.store.reading() as tx:
            latest = await tx.reconciliations.latest("clubos")
        assert latest is not None
        assert latest.reconciled is not None
        assert latest.day == f"{self.clock.now():%Y-%m-%d}"
        results = latest.reconciled.results
        assert {one.status for one in results} <= {"passed", "failed"}
        return sorted(one.check for one in results if one.status == "failed")

    async def fix(self, domain: str, wrong: Mapping[str, object]) -> None:
        """What the data lead does about a check: touch the rows in legacy, or take out what is twice."""
        table, key = TOUCHED.get(domain, ("", ""))
        if domain == "payments":
            await self._without_surplus_payments()
            return
        keys = [*as_keys(wrong.get("missing_in_new")), *as_keys(wrong.get("differing"))]
        assert keys, f"nothing is known to be wrong in {domain}"
        with closing(sqlite3.connect(self.world.data / "legacy.db")) as connection, connection:
            for one in keys:
                statement = f"UPDATE {table} SET modified_at = ? WHERE {key} = ?"
                assert connection.execute(statement, (written(self.clock.now()), one)).rowcount > 0

    async def _without_surplus_payments(self) -> None:
        with closing(sqlite3.connect(self.world.data / "new.db")) as connection, connection:
            connection.execute("ATTACH DATABASE ? AS legacy", (str(self.world.data / "legacy.db"),))
            statement = "DELETE FROM payments WHERE payment_id NOT IN (SELECT pay_no FROM legacy.payments)"
            assert connection.execute(statement).rowcount == 1

    async def member(self, system: str, path: str, body: Mapping[str, object], *, method: str = "PUT") -> int:
        """What a member does in a system; the status of the answer."""
        client = self.world.new if system == "new" else self.world.legacy
        async with client.request(method, path, json=body) as answer:
            return answer.status


def as_keys(found: object) -> list[object]:
    """The keys in one part of expected.json."""
    if found is None:
        return []
    assert isinstance(found, list | dict)
    return list(found)


@asynccontextmanager
async def served(data: Path, *, clock: FakeClock) -> AsyncIterator[World]:
    """Both systems over a folder of data, on ports of their own."""
    async with AsyncExitStack() as stack:
        legacy, new = [
            await stack.enter_async_context(
                TestClient(TestServer(service.application(data, now=clock.now), host="127.0.0.1"))
            )
            for service in (legacy_service, new_service)
        ]
        yield World(data, legacy, new)


@asynccontextmanager
async def season(
    *, store: Store, jobs: FakeJobs, clock: FakeClock, made: Data, folder: Path
) -> AsyncIterator[Season]:
    """A season that begins with a copy of the data of the variant shadow, and in staging of a migration that
    has gone over, in the phase that the playbook names."""
    shutil.copytree(made("shadow"), folder / "data")
    shutil.copytree(made("after-cutover"), folder / "staging")
    shutil.copytree(FOLDER / "documents", folder / "documents")
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(served(folder / "data", clock=clock))
        staging = await stack.enter_async_context(served(folder / "staging", clock=clock))
        together = joined(
            store=store,
            clock=clock,
            jobs=jobs,
            folder=folder,
            playbook=loaded(folder, ports=ports(world, staging)),
            real=PlaybookReconciler(clock=PassingClock(clock), secret=no_setting),
            more=adapters("http", "file", "export-since"),
            factor_key=SecretStr(Fernet.generate_key().decode()),
            ids=SortableIds(),
            real_gates=True,
        )
        trial = await stack.enter_async_context(together)
        seed = read_seed(FOLDER / "workspace.yml")
        trial.roles.groups = {group.handle: set(group.members) for group in seed.usergroups}
        await trial.services.phases.begin()
        await trial.daily.look()
        yield Season(trial, Carried(trial, "clubos"), world, staging, clock)


def ports(world: World, staging: World) -> dict[int, int]:
    """Where they are served, by the ports that the playbook names."""
    clients = {8731: world.legacy, 8732: world.new, 8741: staging.legacy, 8742: staging.new}
    return {declared: client.port for declared, client in clients.items() if client.port is not None}

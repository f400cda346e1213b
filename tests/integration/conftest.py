"""The store on both databases: an SQLite file and a real PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from bot.domain.audit import GENESIS
from bot.store.columns import metadata
from bot.store.database import database_url, open_database
from bot.store.migrate import migrate
from bot.store.store import Store
from bot.store.tables import audit_head
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import JOBS, FakeJobs
from tests.integration.deciding import Replica, replica
from tests.integration.ledger import ANA, KIM, SAM
from tests.integration.services.row_check import with_rows
from tests.integration.trial import Trial, joined
from tests.postgres import fresh_database, postgres_url

__all__ = ["postgres_url"]

DATABASES = ("sqlite", "postgresql")


def _prepare(url: sa.URL) -> None:
    migrate(url)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    JOBS.create(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, to be copied."""
    file = tmp_path_factory.mktemp("template") / "store.db"
    _prepare(sa.URL.create("sqlite", database=str(file)))
    return file


@pytest.fixture(scope="session")
def shared_postgres(postgres_url: str) -> Iterator[sa.Engine]:
    """A PostgreSQL database with every table, to be emptied before each test: making one takes long."""
    with fresh_database(postgres_url) as url:
        _prepare(make_url(url))
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        yield engine
        engine.dispose()


def _emptied(engine: sa.Engine) -> sa.URL:
    with engine.begin() as connection:
        # A test that left a transaction open shall fail its neighbour, not hang it.
        connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        for table in (JOBS, *reversed(metadata.sorted_tables)):
            connection.execute(table.delete())
            if table.autoincrement_column is not None:
                connection.execute(sa.text(f"ALTER SEQUENCE {table.name}_number_seq RESTART"))
        connection.execute(audit_head.insert().values(id=1, number=0, digest=GENESIS))
    return engine.url


@pytest.fixture(params=DATABASES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.URL]:
    """A database without a table, by its synchronous URL."""
    if request.param == "sqlite":
        yield sa.URL.create("sqlite", database=str(tmp_path / "store.db"))
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as url:
        yield make_url(url)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.URL]:
    """A migrated database, by its synchronous URL."""
    if request.param == "sqlite":
        file = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield sa.URL.create("sqlite", database=str(file))
        return
    yield _emptied(request.getfixturevalue("shared_postgres"))


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
def jobs(clock: FakeClock) -> FakeJobs:
    """Jobs that are kept in the database, to be run by the test."""
    return FakeJobs(clock=clock)


@pytest.fixture
async def store(database: sa.URL, jobs: FakeJobs) -> AsyncIterator[Store]:
    """The store of a migrated database."""
    text = database.render_as_string(hide_password=False)
    kept = open_database(database_url(text))
    yield Store(database=kept, jobs=jobs)
    await kept.close()


@pytest.fixture
async def trial(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """The product but Slack, over that store and fakes."""
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path) as trial:
        yield trial


@pytest.fixture
async def people(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """The same, with a check that compares rows."""
    playbook = with_rows(tmp_path)
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        yield trial


@pytest.fixture
async def two(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """The same, where one other person has to approve a rollback."""
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, quorum=1) as trial:
        yield trial


@pytest.fixture
async def three(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """The same, where two other people have to; Ana is there for it, too."""
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, quorum=2) as trial:
        trial.roles.groups["ledger-oncall"] = {SAM.id, KIM.id, ANA.id}
        yield trial


@pytest.fixture
def deciding(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> Replica:
    """The services that decide on the ledger's cutover, which two managers have to approve."""
    return replica(store=store, clock=clock, jobs=jobs, folder=tmp_path)

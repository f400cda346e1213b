"""Brings our tables to the present schema at every start: with Alembic, where they are not at it."""

import time
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from bot.store.database import unusable
from bot.store.sqlite import BUSY_TIMEOUT_MS

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: sa.URL) -> None:
    """Upgrade to the newest schema; one process at a time, the others wait for it.

    Raises StoreError when the database cannot be reached.
    """
    engine = sa.create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            _one_at_a_time(connection)
            if _revision(connection) != newest_revision():
                _upgrade(connection)
            connection.commit()
    except (OperationalError, InterfaceError) as error:
        raise unusable(error) from None
    finally:
        engine.dispose()


def newest_revision() -> str:
    """Of the migrations that are here: their files are named rev_NUMBER_what.py."""
    return max(path.stem.split("_")[1] for path in (_MIGRATIONS / "versions").glob("rev_*.py"))


def _revision(connection: sa.Connection) -> str | None:
    """What the database was brought to by Alembic; None for a new one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: sa.Connection) -> None:
    # Loaded for this alone: nearly every start finds the present schema, and Alembic takes a tenth of one.
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    import_module("alembic.command").upgrade(config, "head")


def _one_at_a_time(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        _into_wal(connection)
        # The driver opens no transaction before DDL by itself; two starts would both see nothing.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7465637401)")


def _into_wal(connection: sa.Connection) -> None:
    """Of two that do this to a new file at once one can be told that it is locked, whatever the time-out."""
    end = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            return
        except OperationalError:
            if time.monotonic() > end:
                raise
        time.sleep(0.02)

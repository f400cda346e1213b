"""Brings our tables to the present schema, with Alembic, at every start."""

import time
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from bot.store.database import unusable
from bot.store.sqlite import BUSY_TIMEOUT_MS


def migrate(url: sa.URL) -> None:
    """Upgrade to the newest schema; one process at a time, the others wait for it.

    Raises StoreError when the database cannot be reached.
    """
    engine = sa.create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            _one_at_a_time(connection)
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except (OperationalError, InterfaceError) as error:
        raise unusable(error) from None
    finally:
        engine.dispose()


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

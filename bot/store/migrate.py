"""Brings our tables to the present schema, with Alembic, at every start."""

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
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        # The driver opens no transaction before DDL by itself; two starts would both see nothing.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7465637401)")

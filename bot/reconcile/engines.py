"""SQLAlchemy engines that can only read, for what reads SQLite or PostgreSQL over a connection of its own."""

from sqlalchemy import URL, Engine

from bot.domain.errors import SourceError
from bot.reconcile.databases.database import Limits
from bot.reconcile.databases.postgresql import postgresql_engine
from bot.reconcile.databases.sqlite import sqlite_engine


def read_only_engine(url: URL, *, seconds: float) -> Engine:
    """An engine for the URL; nothing is connected yet. `seconds` bounds each query.

    Raises SourceError for another database.
    """
    limits = Limits(seconds=seconds)
    match url.get_backend_name():
        case "sqlite":
            return sqlite_engine(url, limits=limits)
        case "postgresql":
            return postgresql_engine(url, limits=limits)
        case other:
            raise SourceError(f"{other} is not a database we read here", do="Known: sqlite, postgresql")

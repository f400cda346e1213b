"""Which database a URL names."""

from sqlalchemy import URL

from bot.reconcile.databases.database import Database, Limits
from bot.reconcile.databases.mysql import MysqlDatabase
from bot.reconcile.databases.other import OtherDatabase
from bot.reconcile.databases.postgresql import PostgresqlDatabase
from bot.reconcile.databases.sqlite import SqliteDatabase


def database_of(url: URL, *, limits: Limits) -> Database:
    """The database of a URL; nothing is connected yet. Raises SourceError for one that we cannot read."""
    match url.get_backend_name():
        case "sqlite":
            return SqliteDatabase(url, limits=limits)
        case "postgresql":
            return PostgresqlDatabase(url, limits=limits)
        case "mysql" | "mariadb":
            return MysqlDatabase(url, limits=limits)
        case _:
            return OtherDatabase(url, limits=limits)

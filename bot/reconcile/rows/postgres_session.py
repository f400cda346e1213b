"""A session of a PostgreSQL side: how it is connected, what it is set to, what its errors are called."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from bot.reconcile.rows.place import RowPlace

_LONGEST_CONNECT = 10

READ_ONLY = sql.SQL("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@contextmanager
def read_only_session(place: RowPlace) -> Iterator[psycopg.Connection]:
    """A connection for a few questions, in one transaction. Raises SourceError."""
    try:
        with psycopg.connect(**connect_arguments(place), autocommit=True) as connection:
            connection.execute(sql.SQL("; ").join([READ_ONLY, setting(session_settings(place))]))
            # Prepared, a text with two statements is refused by the server itself.
            connection.prepare_threshold = 0
            yield connection
    except psycopg.Error as error:
        raise place.problem(place.identity.first_line(error)) from None


def connect_arguments(place: RowPlace) -> dict[str, Any]:
    """What psycopg is given. Raises SourceError."""
    if place.url is None:
        raise place.problem("there is no database")
    url = place.url.set(drivername="postgresql+psycopg")
    _, arguments = url.get_dialect()().create_connect_args(url)
    return {
        **arguments,
        "application_name": "switchback-reconcile",
        "connect_timeout": max(2, min(round(place.seconds), _LONGEST_CONNECT)),
        "tcp_user_timeout": round(place.seconds * 1000),
    }


def session_settings(place: RowPlace) -> dict[str, str]:
    """Everything that a text, a comparison or a wait depends on; off is what costs more than it gives."""
    return {
        "statement_timeout": str(round(place.seconds * 1000)),
        "lock_timeout": str(round(place.spec.lock_timeout.total_seconds() * 1000)),
        "idle_in_transaction_session_timeout": "0",
        "default_transaction_read_only": "on",
        "TimeZone": "UTC",
        "DateStyle": "ISO, YMD",
        "bytea_output": "hex",
        "extra_float_digits": "1",
        "jit": "off",
    }


def setting(settings: Mapping[str, str]) -> sql.Composed:
    """The statement that sets a session."""
    calls = [
        sql.SQL("set_config({}, {}, false)").format(sql.Literal(name), sql.Literal(value))
        for name, value in settings.items()
    ]
    return sql.SQL("SELECT {}").format(sql.SQL(", ").join(calls))

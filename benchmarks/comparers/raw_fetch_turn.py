"""The limit where a side is not PostgreSQL: both fetched at once, in no order, kept and compared nowhere.

SQLite and PostgreSQL give Arrow batches through ADBC, MariaDB its rows through asyncmy.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import asyncmy
from asyncmy.cursors import SSCursor

from benchmarks.comparers.turn import COLUMNS, Found, Side, Turn

_SQLITE_BATCH = {"adbc.sqlite.query.batch_rows": "65536"}
"""Its own 1024 are slower."""

_ROWS_AT_ONCE = 10_000


def compare(legacy: Side, new: Side) -> Found:
    """Nothing is compared: the rows that were read."""
    with ThreadPoolExecutor(2) as threads:
        return Found(rows=sum(threads.map(_fetch, (legacy, new))))


def _fetch(side: Side) -> int:
    query = f"SELECT {', '.join(COLUMNS)} FROM {side.table}"
    match side.backend:
        case "sqlite":
            return _sqlite(side, query)
        case "postgresql":
            return _postgresql(side, query)
        case _:
            return asyncio.run(_mariadb(side, query))


def _sqlite(side: Side, query: str) -> int:
    with adbc_driver_sqlite.dbapi.connect(side.file) as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**_SQLITE_BATCH)
        cursor.execute(query)
        return sum(batch.num_rows for batch in cursor.fetch_record_batch())


def _postgresql(side: Side, query: str) -> int:
    with adbc_driver_postgresql.dbapi.connect(side.url) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return sum(batch.num_rows for batch in cursor.fetch_record_batch())


async def _mariadb(side: Side, query: str) -> int:
    place = {"host": side.host, "port": side.port, "user": side.user, "db": side.database}
    async with asyncmy.connect(**place) as connection, connection.cursor(SSCursor) as cursor:
        await cursor.execute(query)
        rows = 0
        while some := await cursor.fetchmany(_ROWS_AT_ONCE):
            rows += len(some)
        return rows


if __name__ == "__main__":
    Turn.requested().measure(compare)

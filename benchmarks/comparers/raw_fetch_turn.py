"""The limit where SQLite is on a side: both sides fetched at once as Arrow batches through ADBC.

In no order, nothing is kept, nothing is compared.
"""

from concurrent.futures import ThreadPoolExecutor

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi

from benchmarks.comparers.turn import COLUMNS, Found, Side, take_turn

_SQLITE_BATCH = {"adbc.sqlite.query.batch_rows": "65536"}
"""Its own 1024 are slower."""


def compare(legacy: Side, new: Side) -> Found:
    """Nothing is compared: the rows that were read."""
    with ThreadPoolExecutor(2) as threads:
        return Found(rows=sum(threads.map(_fetch, (legacy, new))))


def _fetch(side: Side) -> int:
    if side.is_postgresql:
        opened = adbc_driver_postgresql.dbapi.connect(side.libpq_url)
    else:
        opened = adbc_driver_sqlite.dbapi.connect(side.file)
    with opened as connection, connection.cursor() as cursor:
        if not side.is_postgresql:
            cursor.adbc_statement.set_options(**_SQLITE_BATCH)
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM {side.table}")
        return sum(batch.num_rows for batch in cursor.fetch_record_batch())


if __name__ == "__main__":
    take_turn(compare)

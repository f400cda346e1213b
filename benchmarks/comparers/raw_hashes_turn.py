"""The limit between PostgreSQL tables: one scan of each, counting, and adding up a native hash of each row.

Both sides at once, on connections of their own, as the server plans it: with parallel workers. Of the forms
that were tried (a record's hash, single process, one side after the other) this is the fastest.
"""

from concurrent.futures import ThreadPoolExecutor

import psycopg
from psycopg import sql

from benchmarks.comparers.turn import Found, Side, Turn

# Each hash is the seed of the next; a coalesced one stands innermost, so that nothing is lost for a NULL.
_ROW_HASH = (
    "hashint8extended(employee_id, hashtextextended(full_name, hash_numeric_extended(salary,"
    " hashint4extended(level, hashdateextended(hired_on, coalesce(hashtextextended(department, 0), 1))))))"
)
_SCAN = sql.SQL("SELECT count(*), sum({}) FROM {}")


def compare(legacy: Side, new: Side) -> Found:
    """Nothing is compared: the rows that were read."""
    with ThreadPoolExecutor(2) as threads:
        return Found(rows=sum(threads.map(_scan, (legacy, new))))


def _scan(side: Side) -> int:
    with psycopg.connect(side.url, autocommit=True) as connection:
        row = connection.execute(_SCAN.format(sql.SQL(_ROW_HASH), sql.Identifier(side.table))).fetchone()
    if row is None:
        raise RuntimeError("a count is one row")
    return int(row[0])


if __name__ == "__main__":
    Turn.requested().measure(compare)

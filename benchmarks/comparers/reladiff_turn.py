"""reladiff's own choice: a join within one database, hashes between two. It reads no SQLite."""

from importlib import import_module

from reladiff import connect, diff_tables
from reladiff.table_segment import TableSegment

from benchmarks.comparers.turn import COLUMNS, KEY, Found, Side, Turn

# It imports this when it connects; memory is weighed after all imports.
import_module("psycopg2")

THREADS = 2
"""On each database: what the machine that the targets are for has in cores. One, the default, is slower."""


def compare(legacy: Side, new: Side) -> Found:
    """Both signs of a changed row name its key."""
    first = connect(_options(legacy), thread_count=THREADS)
    # One object for both tables is how it knows that it can join them.
    second = first if new.database == legacy.database else connect(_options(new), thread_count=THREADS)
    tables = [
        TableSegment(database, (side.table,), (KEY,), extra_columns=COLUMNS[1:])
        for database, side in ((first, legacy), (second, new))
    ]
    # Sorted, as by default, it fails where NULL stands against a value at one key.
    with diff_tables(*tables, max_threadpool_size=2 * THREADS, skip_sort_results=True) as differences:
        return Found(keys={int(row[0]) for _sign, row in differences})


def _options(side: Side) -> dict[str, str]:
    return {"driver": "postgresql", "host": side.host, "dbname": side.database, "user": side.user}


if __name__ == "__main__":
    Turn.requested().measure(compare)

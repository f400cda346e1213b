"""datacompy with polars. It compares frames, so both tables are fetched first, through ADBC."""

from concurrent.futures import ThreadPoolExecutor

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import polars as pl
from datacompy import PolarsCompare

from benchmarks.comparers.turn import COLUMNS, KEY, Found, Side, Turn


def compare(legacy: Side, new: Side) -> Found:
    """The keys of rows on one side alone, and of those whose cells differ."""
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(_frame, (legacy, new))
    compared = PolarsCompare(first, second, join_columns=[KEY])
    frames = (compared.df1_unq_rows, compared.df2_unq_rows, compared.all_mismatch())
    return Found(keys={key for frame in frames for key in frame[KEY]})


def _frame(side: Side) -> pl.DataFrame:
    # It has no numbers of PostgreSQL's numeric, and no dates of SQLite: both are fetched as text and double.
    casts = {"salary": "salary::float8", "hired_on": "hired_on::text"} if side.backend == "postgresql" else {}
    cells = ", ".join(f"{casts.get(name, name)} AS {name}" for name in COLUMNS)
    # The text is of this file's names alone.
    query = f"SELECT {cells} FROM {side.table}"
    if side.backend == "postgresql":
        opened = adbc_driver_postgresql.dbapi.connect(side.url)
    else:
        opened = adbc_driver_sqlite.dbapi.connect(side.file)
    with opened as connection, connection.cursor() as cursor:
        cursor.execute(query)
        frame = pl.from_arrow(cursor.fetch_arrow_table())
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("a table is a frame")
    # Its width differs by database; what is compared is the number.
    return frame.with_columns(pl.col("level").cast(pl.Int64))


if __name__ == "__main__":
    Turn.requested().measure(compare)

"""google-pso-data-validator's validation of rows by their hash. It reads PostgreSQL, and no SQLite."""

import io
import json
import os
import sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from data_validation.__main__ import main

from benchmarks.comparers.turn import KEY, Found, Side, Turn

# It imports this when it connects; memory is weighed after all imports.
import_module("psycopg2")


def compare(legacy: Side, new: Side) -> Found:
    """The keys of the rows whose validation failed, out of what its command prints."""
    with TemporaryDirectory() as folder:
        os.environ["PSO_DV_CONN_HOME"] = folder
        for name, side in (("legacy", legacy), ("new", new)):
            (Path(folder) / f"{name}.connection.json").write_text(json.dumps(_connection(side)))
        tables = f"public.{legacy.table}=public.{new.table}"
        options = ["-sc", "legacy", "-tc", "new", "-tbls", tables, "--primary-keys", KEY]
        sys.argv = ["data-validation", "validate", "row", *options, "--hash", "*"]
        sys.argv += ["--filter-status", "fail", "--format", "json"]
        printed = io.StringIO()
        with redirect_stdout(printed):
            main()
    failed = json.loads(printed.getvalue())
    return Found(keys={int(json.loads(row["group_by_columns"])[KEY]) for row in failed.values()})


def _connection(side: Side) -> dict[str, str]:
    place = {"host": side.host, "database": side.database}
    return {"source_type": "Postgres", **place, "user": side.user, "password": "", "port": "5432"}


if __name__ == "__main__":
    Turn.requested().measure(compare)

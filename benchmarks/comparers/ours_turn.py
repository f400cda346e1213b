"""Ours: a check of rows in a playbook, loaded and run as the bot does."""

import asyncio
import gc
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import JsonValue

from benchmarks.comparers.turn import KEY, Found, Side, Turn
from benchmarks.run_playbook import write_playbook
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.row_difference import RowDifference
from bot.engine.own_steps import OWN_STEPS
from bot.playbooks.loader import load
from bot.ports.reconciler import Unwatched
from bot.reconcile.reconciler import PlaybookReconciler
from bot.system import SystemClock

# What is imported when a database is connected is in memory before it is weighed.
for _driver in (
    "adbc_driver_postgresql.dbapi",
    "adbc_driver_sqlite.dbapi",
    "asyncmy.cursors",
    "bot.reconcile.rows.comparer",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
):
    import_module(_driver)

CHECK = "employees"
_SETTINGS = {"legacy": "LEGACY_URL", "new": "NEW_URL"}
_BY_HAND: JsonValue = {
    "id": "all",
    "title": "All",
    "budget": "1h",
    "steps": [{"id": "by-hand", "title": "By hand", "uses": "manual", "with": {"instructions": "Look"}}],
}


class Keys(Unwatched):
    """Follows the check, and keeps the keys of the rows that differ."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[int] = []

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        """Every key once."""
        if check == CHECK:
            self.found.extend(int(str(row.key[0])) for row in rows)


async def reconciled(loaded: LoadedPlaybook, urls: Mapping[str, str]) -> Found:
    """Raises RuntimeError when the check could not be done, or counted otherwise than it told."""
    keys = Keys()
    reconciler = PlaybookReconciler(clock=SystemClock(), secret=urls.__getitem__)
    (result,) = (await reconciler.run(loaded, watch=keys)).results
    if result.rows is None or result.status == "error":
        raise RuntimeError(f"the check is {result.status}: {result.problem}")
    if result.rows.total != len(keys.found):
        raise RuntimeError(f"{result.rows.total} keys were counted, and {len(keys.found)} told")
    return Found(keys=keys.found)


def declared(folder: Path, legacy: Side, new: Side) -> LoadedPlaybook:
    """A playbook with one check, of the rows of both tables."""
    written = write_playbook(
        folder,
        environments=(),
        plans={"back": [_BY_HAND]},
        sources={side: {"url": {"env": name}, "timeout": "10m"} for side, name in _SETTINGS.items()},
        check={
            "id": CHECK,
            "title": "Employees row by row",
            "rows": {"key": [KEY], "legacy": {"table": legacy.table}, "new": {"table": new.table}},
            "owner": "operator",
            "on_fail": "Look at the rows",
        },
    )
    return load(written / "playbook.yml", step_kinds=OWN_STEPS)


def main() -> None:
    """One turn. The bot has its playbooks loaded, so that is done before."""
    turn = Turn.requested()
    urls = {_SETTINGS["legacy"]: turn.legacy.url, _SETTINGS["new"]: turn.new.url}
    with TemporaryDirectory() as folder:
        loaded = declared(Path(folder), turn.legacy, turn.new)
        # As the bot and the command line do when all is imported.
        gc.freeze()
        turn.measure(lambda _legacy, _new: asyncio.run(reconciled(loaded, urls)))


if __name__ == "__main__":
    main()

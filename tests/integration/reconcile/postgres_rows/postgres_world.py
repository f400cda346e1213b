"""Two PostgreSQL databases to compare rows in, and the ways to do it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import URL

from bot.domain.playbook.places import Side
from bot.domain.playbook.row_checks import Rows
from bot.domain.playbook.sources import SourceSpec
from bot.domain.row_difference import RowDifference, RowsFound
from bot.ports.clock import Clock
from bot.ports.reconciler import Unwatched
from bot.reconcile.rows.cells import row_definition
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.columns import read_columns
from bot.reconcile.rows.place import RowPlace, row_place
from bot.reconcile.rows.plan import Plan, RowComparison
from bot.reconcile.rows.postgres import PostgresPlan
from bot.reconcile.rows.postgres_hash import RowHash, md5_hash
from bot.reconcile.rows.postgres_pair import PostgresPair
from bot.reconcile.rows.resolve import resolve
from bot.system import SystemClock

BOTH: tuple[Side, Side] = ("legacy", "new")


class HurryingClock(SystemClock):
    """Whoever sleeps wakes at once, and that much later by this clock."""

    def __init__(self) -> None:
        self._slept = 0.0
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return super().monotonic() + self._slept

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.sleeps.append(seconds)
            self._slept += seconds


class Watching(Unwatched):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RowDifference] = []

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        self.rows += rows


@dataclass(frozen=True)
class Found:
    """What a plan found."""

    counts: RowsFound
    rows: list[RowDifference]

    @property
    def kinds(self) -> dict[tuple[str | None, ...], str]:
        return {row.key: row.kind for row in self.rows}


async def never(comparison: RowComparison, collector: Collector) -> None:
    """The plan that is not wanted."""
    raise AssertionError("a fast plan was wanted")


async def by_md5(pair: PostgresPair) -> RowHash:
    """As if the servers' own hashes did not agree."""
    return md5_hash


@dataclass
class PostgresWorld:
    """A database of each side; a connection to each makes the tables."""

    urls: dict[Side, URL]
    settings: dict[Side, dict[str, object]] = field(default_factory=lambda: {"legacy": {}, "new": {}})
    clock: Clock = field(default_factory=HurryingClock)
    kept: dict[Side, psycopg.Connection] = field(default_factory=dict)

    def run(self, side: Side, *statements: str) -> None:
        for statement in statements:
            self.connection(side).execute(statement.encode())

    def connection(self, side: Side) -> psycopg.Connection:
        if side not in self.kept:
            plain = self.urls[side].set(drivername="postgresql").render_as_string(hide_password=False)
            self.kept[side] = psycopg.connect(plain, autocommit=True)
        return self.kept[side]

    def place(self, side: Side, rows: Rows) -> RowPlace:
        spec = SourceSpec.model_validate({"url": {"env": side.upper()}, **self.settings[side]})
        text = self.urls[side].render_as_string(hide_password=False)
        return row_place(side, rows, spec, folder=Path(), secret=lambda _: text, now=self.clock.now())

    async def comparison(self, rows: Rows) -> RowComparison:
        legacy, new = (self.place(side, rows) for side in BOTH)
        resolved = resolve(rows, await read_columns(legacy), await read_columns(new))
        definition = row_definition(rows, resolved)
        return RowComparison(
            rows=rows, legacy=legacy, new=new, resolved=resolved, definition=definition, clock=self.clock
        )

    async def compare(self, plan: Plan, rows: Rows, *, watch: Watching | None = None) -> Found:
        comparison = await self.comparison(rows)
        watch = watch or Watching()
        collector = Collector(check="rows", definition=comparison.definition, watch=watch)
        await plan(comparison, collector)
        await collector.tell()
        return Found(collector.found(), watch.rows)

    def table(self, declared: str, legacy: str, new: str, *, new_declared: str = "") -> None:
        """The table `t` of each side, `t_new` on the new one; rows are what stands behind VALUES."""
        for side, name, columns, rows in (
            ("legacy", "t", declared, legacy),
            ("new", "t_new", new_declared or declared, new),
        ):
            statements = [f"DROP TABLE IF EXISTS {name} CASCADE", f"CREATE TABLE {name} ({columns})"]
            self.run(side, *statements, *([f"INSERT INTO {name} VALUES {rows}"] if rows else []))  # type: ignore[arg-type]

    async def found(self, **rows: object) -> dict[tuple[str | None, ...], str]:
        """What differs between the two tables, by key, found by a fast plan and by its MD5 as well."""
        found = (await self.compare(PostgresPlan(otherwise=never), self.rows(**rows))).kinds
        if self.urls["legacy"] != self.urls["new"]:
            md5 = PostgresPlan(otherwise=never, agreed=by_md5)
            assert (await self.compare(md5, self.rows(**rows))).kinds == found
        return found

    def rows(self, **rows: object) -> Rows:
        """A check of the two tables by `id`."""
        return Rows.model_validate(
            {"key": ["id"], "legacy": {"table": "t"}, "new": {"table": "t_new"}, **rows}
        )

    def close(self) -> None:
        for connection in self.kept.values():
            connection.close()

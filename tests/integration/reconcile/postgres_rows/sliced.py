"""Tables that are read in slices so small that some hundred rows have many."""

import pytest

from bot.domain.playbook.places import Side
from bot.reconcile.rows import postgres_slice_sums, postgres_slices
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres import PostgresPlan
from bot.reconcile.rows.postgres_slice_sums import SliceSums, TooDisorderlyError
from bot.reconcile.rows.postgres_verdicts import Verdicts
from tests.integration.reconcile.postgres_rows.postgres_world import PostgresWorld, never

PLAN = PostgresPlan(otherwise=never)
ROWS = 240
NAMES: tuple[tuple[Side, str], ...] = (("legacy", "t"), ("new", "t_new"))
KEYS = {
    "one column": ("id int8 PRIMARY KEY, part int4", ["id"]),
    "two columns": ("id int8, part int4, PRIMARY KEY (id, part)", ["id", "part"]),
    "NULL among keys": ("id int8 UNIQUE, part int4", ["id"]),
}


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows to a slice, and five where many differ."""
    monkeypatch.setattr(postgres_slices, "STRETCH_ROWS", 30)
    monkeypatch.setattr(postgres_slices, "_EDGES_AT_ONCE", 3)
    monkeypatch.setattr(postgres_slices, "_LEAST_STRETCHES", 3)
    monkeypatch.setattr(postgres_slice_sums, "_FIRST", 2)
    monkeypatch.setattr(postgres_slice_sums, "_LARGE", 10)
    monkeypatch.setattr(postgres_slice_sums, "_SMALL", 5)
    monkeypatch.setattr(postgres_slice_sums, "_STRAYS_OF", 3)
    monkeypatch.setattr(postgres_slice_sums, "_REFINED_AT_ONCE", 20)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How each reading by slices ended."""
    ends: list[str] = []
    compare = SliceSums.compare

    async def watched(self: SliceSums, collector: Collector, verdicts: Verdicts) -> None:
        try:
            await compare(self, collector, verdicts)
        except TooDisorderlyError:
            ends.append("too disorderly")
            raise
        ends.append("done")

    monkeypatch.setattr(SliceSums, "compare", watched)
    return ends


def fill(world: PostgresWorld, declared: str = KEYS["one column"][0]) -> None:
    world.table(f"{declared}, v numeric(12,2), w text", "", "")
    for side, table in NAMES:
        world.run(
            side,
            f"INSERT INTO {table} SELECT n * 3, n % 3, n / 100.0, CASE WHEN n % 7 > 0 THEN 'w' || n END"
            f" FROM generate_series(1, {ROWS}) AS n",
            f"ANALYZE {table}",
        )

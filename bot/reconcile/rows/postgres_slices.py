"""Where two PostgreSQL tables whose rows lie in the order of a key are cut into stretches.

A stretch is a run of rows as they lie on disk: from where the first row of some key lies to where the next
stretch begins. Reading it needs no index.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.postgres_expressions import own_column
from bot.reconcile.rows.postgres_pair import BOTH, PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_ranges import Cell, KeyRanges
from bot.reconcile.rows.postgres_table import trusted

STRETCH_ROWS = 65_536
_LEAST_STRETCHES = 4
_MOST_STRETCHES = 16_384
"""Larger tables have larger ones, so that these take no more memory."""

_MOST_PAGES = 32_768
"""Of one stretch, which is read in one query: 256 MB."""

_EDGES_AT_ONCE = 1024
_A_PAGE = 1 << 16
_LAST = "(4294967294,0)"

# Of a row that was changed the index still knows where it lay first; this is where the snapshot has it.
_PLACES = sql.SQL(
    "SELECT edge_number::int, found.place FROM unnest({edges}::int8[]) WITH ORDINALITY AS edge (edge_key,"
    " edge_number), LATERAL (SELECT compared.ctid::text AS place FROM {relation}"
    " WHERE {axis} >= edge_key ORDER BY {axis} LIMIT 1) AS found"
)
_PLANNER = {"enable_seqscan": "off", "enable_indexscan": "on", "max_parallel_workers_per_gather": "0"}


@dataclass(frozen=True)
class Stretches:
    """Where the keys from `low` to `high` are cut, and each side's rows with them, in rising order.

    A place is a page's number times 65536, and the row's number in it.
    """

    low: int
    high: int
    edges: Sequence[int]
    places: dict[Side, Sequence[int]]

    def __len__(self) -> int:
        return len(self.edges) + 1

    def keys(self, number: int) -> Cell:
        """The keys of a stretch's rows, were all of them to lie in order."""
        low = self.edges[number - 1] if number else self.low
        return Cell(low, self.edges[number] - 1 if number < len(self.edges) else self.high)

    def bounds(self, side: Side, number: int) -> tuple[str, str]:
        """Where a stretch begins and where it ends, as SQL writes it; the outermost have no bound."""
        places = self.places[side]
        begin = _tid(places[number - 1]) if number else "(0,0)"
        return begin, _tid(places[number]) if number < len(places) else _LAST


async def key_stretches(pair: PostgresPair, ranges: KeyRanges) -> Stretches | None:
    """The stretches; None where there are few, or a very long one, or a side is no single table."""
    if not all(pair.table(side).pages and pair.is_unique(side) for side in BOTH) or not ranges.edges:
        return None
    of_rows = max(STRETCH_ROWS, round(ranges.rows / _MOST_STRETCHES))
    edges = array("q", (cell.low for cell in ranges.cells(of_rows)))[1:]
    # There are as many parts as the catalog has bounds, even of a table for which fewer would do.
    parts = max(1, round(of_rows * (len(edges) + 1) / max(ranges.rows, 1)))
    edges = edges[parts - 1 :: parts]
    if len(edges) < _LEAST_STRETCHES - 1:
        return None
    for side in BOTH:
        pair.side(side).tune(_PLANNER)
    legacy, new = await both(_places(pair, "legacy", edges), _places(pair, "new", edges))
    kept = array("q", [number for number in range(len(edges)) if legacy[number] and new[number]])
    for places in (legacy, new):
        # A cut before an earlier one is where a row lies that was moved.
        rising = longest_rising([places[number] for number in kept])
        kept = array("q", [kept[number] for number in rising])
    cuts: dict[Side, Sequence[int]] = {
        "legacy": array("q", [legacy[number] for number in kept]),
        "new": array("q", [new[number] for number in kept]),
    }
    if any(_most_pages(cuts[side], pair.table(side).pages) > _MOST_PAGES for side in BOTH):
        return None
    kept_edges = array("q", [edges[number] for number in kept])
    return Stretches(low=ranges.edges[0], high=ranges.edges[-1] - 1, edges=kept_edges, places=cuts)


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """The places of the longest part of some numbers of which each is greater than the one before."""
    ends: list[int] = []
    ends_at: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(ends_at[length - 1] if length else -1)
        # The one there, or behind the last.
        ends[length : length + 1] = [number]
        ends_at[length : length + 1] = [place]
    found: list[int] = []
    place = ends_at[-1] if ends_at else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


async def _places(pair: PostgresPair, side: Side, edges: Sequence[int]) -> Sequence[int]:
    """Where the first row from each edge on lies; 0 where there is none."""
    places = array("q", bytes(8 * len(edges)))
    parts = {"relation": pair.table(side).relation, "axis": own_column(pair.key_columns(side)[0])}
    for start in range(0, len(edges), _EDGES_AT_ONCE):
        some = ",".join(map(str, edges[start : start + _EDGES_AT_ONCE]))
        query = _PLACES.format(**parts, edges=trusted(f"'{{{some}}}'"))
        for number, place in await pair.side(side).ask(query):
            page, _, row = str(place)[1:-1].partition(",")
            places[start + int(str(number)) - 1] = int(page) * _A_PAGE + int(row)
    return places


def _most_pages(places: Sequence[int], pages: int) -> int:
    """The pages of the longest stretch."""
    bounds = [0, *(place // _A_PAGE for place in places), pages]
    return max(after - before for before, after in pairwise(bounds))


def _tid(place: int) -> str:
    return f"({place // _A_PAGE},{place % _A_PAGE})"

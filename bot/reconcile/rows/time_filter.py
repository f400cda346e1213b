"""Lets only the rows of a window and behind a watermark through, where the source cannot."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.canonical import canonical
from bot.reconcile.rows.place import RowPlace, TimeFilter
from bot.reconcile.rows.times import nanoseconds


def let_through(place: RowPlace, cells: tuple[Cells, ...]) -> Iterator[tuple[Cells, ...]]:
    """The rows that the place's filters pass; the last columns are those of the filters, and fall away.

    Raises SourceError for a value that is no time.
    """
    filters = place.filters
    if filters:
        chosen = [True] * len(cells[0].array)
        for one, column in zip(filters, cells[-len(filters) :], strict=True):
            passes = [_passes(place, one, value) for value in column.values()]
            chosen = [a and b for a, b in zip(chosen, passes, strict=True)]
        places = pc.indices_nonzero(pa.array(chosen, pa.bool_()))
        cells = tuple(one.take(places) for one in cells[: -len(filters)])
    if len(cells[0].array):
        yield cells


def _passes(place: RowPlace, one: TimeFilter, value: object) -> bool:
    zone = ZoneInfo(place.declared.zone)
    moment = canonical(value, "timestamp", zone)
    if moment is None:
        return not one.at_least
    if not isinstance(moment, int):
        raise place.problem(f"a value of column {one.column} is no time")
    wanted = nanoseconds(one.moment, zone)
    return moment >= wanted if one.at_least else moment <= wanted

"""What a query gave, as the one thing that was wanted of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.domain.errors import SourceError
from bot.domain.group import Group, group_name
from bot.domain.moment import Moment
from bot.domain.quantities import plain
from bot.reconcile.cells import noun_of, to_decimal, to_group_part

MOST_GROUPS = 100_000
"""Groups a grouped query may give; more than people and memory can take."""

Rows = Sequence[Sequence[object]]


def one_number(rows: Rows) -> Decimal:
    """The number of one row with one column. Raises SourceError for anything else."""
    return to_decimal(_one_cell(rows))


def newest_moment(rows: Rows, *, in_utc: bool = False) -> Moment:
    """The time or day of one row with one column: as such, or as text in ISO 8601 (as SQLite has it).

    `in_utc`: a time without a zone is known to be in UTC. Raises SourceError for NULL and anything else.
    """
    cell = _one_cell(rows)
    if cell is None:
        raise SourceError("the time is NULL")
    moment = _parsed(cell) if isinstance(cell, str) else cell
    if not isinstance(moment, date):
        raise SourceError(f"a time is wanted, and the query gave {noun_of(moment)}")
    if in_utc and isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment


def numbers_by_group(rows: Rows) -> dict[Group, Decimal]:
    """The last column by those before it. Raises SourceError for a group that is there twice."""
    if len(rows) > MOST_GROUPS:
        raise SourceError(f"more than {plain(Decimal(MOST_GROUPS))} groups")
    numbers: dict[Group, Decimal] = {}
    for row in rows:
        if len(row) < 2:
            raise SourceError("a grouped query names the group first and gives its number last")
        group = tuple(to_group_part(part) for part in row[:-1])
        if group in numbers:
            raise SourceError(f"group {group_name(group)} is there twice")
        try:
            numbers[group] = to_decimal(row[-1])
        except SourceError as error:
            raise SourceError(f"group {group_name(group)}: {error.what}") from None
    return numbers


def _one_cell(rows: Rows) -> object:
    if len(rows) != 1:
        raise SourceError(f"one row is wanted, and the query gave {'several' if rows else 'none'}")
    if len(rows[0]) != 1:
        raise SourceError(f"one column is wanted, and the query gave {len(rows[0])}")
    return rows[0][0]


def _parsed(text: str) -> Moment:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-14") else datetime.fromisoformat(text)
    except ValueError:
        raise SourceError(
            "a time is wanted, and the query gave another text", do="Write 2026-03-14 03:12:00"
        ) from None

"""What databases give, as exact decimals and group keys."""

from datetime import date, time
from decimal import Decimal
from uuid import UUID

from bot.domain.errors import SourceError


def to_decimal(cell: object) -> Decimal:
    """A database's number, exact.

    Integers and decimals are taken digit by digit. A float (SQLite's REAL, PostgreSQL's double precision)
    is taken by its shortest text that reads back as the same float, so 0.1 is 0.1. That does not undo
    what the database's own float arithmetic lost: a sum of REALs depends on the order of its rows and can
    be off in the sixteenth digit. Money belongs in integers or NUMERIC, or under a tolerance above 0.
    Raises SourceError for NULL, text, booleans, NaN and infinity.
    """
    if cell is None:
        raise SourceError("the number is NULL")
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        raise SourceError(f"a number is wanted, and the query gave {noun_of(cell)}")
    number = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    if not number.is_finite():
        raise SourceError(f"a finite number is wanted, and the query gave {number}")
    return number


def to_group_part(cell: object) -> str | None:
    """One part of a group's key as text, the same on both sides: 1, 1.0 and '1' are one group.

    Dates are ISO 8601, booleans true and false, bytes hexadecimal. NULL stays None.
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float, Decimal)):
        text = f"{to_decimal(cell):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, UUID):
        return str(cell)
    raise SourceError(f"a group is named by text, a number or a date, and the query gave {noun_of(cell)}")


def noun_of(cell: object) -> str:
    """What a cell is, in words, never its value."""
    nouns = {str: "text", bytes: "bytes", bool: "a boolean"}
    return nouns.get(type(cell), f"a value of type {type(cell).__name__}")

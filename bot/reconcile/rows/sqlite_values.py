"""How the values of an SQLite column are stored, and how one sees that a batch holds them as they are.

An SQLite column holds values of any type, and the driver takes a column's type from its first batch. What
does not fit is then an error, or worse is changed without a word: in a column of text a number becomes its
text and bytes become characters, in one of floats a whole number of 2^53 + 1 becomes another one.
"""

import pyarrow as pa
import pyarrow.compute as pc

from bot.reconcile.rows.batch import Cells
from bot.reconcile.rows.columns import quoted
from bot.reconcile.rows.kinds import Kind, SideColumn

STORED: dict[Kind, str] = {
    "integer": "integer",
    "boolean": "integer",
    "decimal": "real",
    "float": "real",
    "bytes": "blob",
}
"""How values of a kind are stored where nothing is odd; those of all other kinds are text."""

FIRST = {"integer": "0", "real": "0.5", "text": "''", "blob": "x''"}
"""A value that settles the type of a column."""

ODD = "integer overflow"
"""What SQLite says of a row with an odd value: its documented error for the absolute value of that number."""

_FAILS = "abs(-9223372036854775808)"
_ARROW = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string(), "blob": pa.binary()}
_EXACT = 1 << 53


def only_even(columns: list[tuple[SideColumn, str]], *, in_table: bool) -> str:
    """A condition that is true for every row, and an error for one with a value that the driver would change.

    "" where there are none. As a condition it costs a third of what it costs as a column more.
    """
    even = [text for column, stored in columns for text in _even(column, stored, in_table=in_table)]
    return f"({' AND '.join(even)} OR {_FAILS})" if even else ""


def _even(column: SideColumn, stored: str, *, in_table: bool) -> list[str]:
    """Numbers sort before text and text before blobs, whatever they are: a comparison costs less than typeof.

    Without the column's affinity (+), or SQLite would try to read each text as a number. What the driver
    refuses by itself, and what is seen in the batch, needs no condition.
    """
    name = f"+{quoted(column.name)}"
    before_blobs = f"({name} < x'') IS NOT FALSE"
    behind_numbers = f"({name} >= '') IS NOT FALSE"
    if stored == "text":
        only_text = in_table and _has_text_affinity(column.declared)
        return [before_blobs] if only_text else [behind_numbers, before_blobs]
    return [f"({name} >= x'') IS NOT FALSE"] if stored == "blob" else []


def as_stored(array: pa.Array, stored: str) -> Cells | None:
    """The values of a batch; None where the driver found another type, or may have changed a number."""
    wanted = _ARROW[stored]
    if array.type == pa.float64() == wanted:
        return Cells(array) if _exact(array) else None
    if array.type == wanted or (stored == "real" and array.type == pa.int64()):
        return Cells(array)
    return Cells(pa.nulls(len(array), wanted)) if array.null_count == len(array) else None


def _exact(floats: pa.Array) -> bool:
    """Whether no whole number was rounded: 2^53 is the first that another one is rounded to."""
    ends = pc.min_max(floats).as_py()
    return ends["min"] is None or -_EXACT < ends["min"] <= ends["max"] < _EXACT


def _has_text_affinity(declared: str) -> bool:
    text = declared.upper()
    return "INT" not in text and any(part in text for part in ("CHAR", "CLOB", "TEXT"))


def literal(value: object) -> str:
    """A value of a key, in SQL."""
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    # In hexadecimal no text can end its literal.
    if isinstance(value, str):
        return f"CAST(x'{value.encode('utf-8', 'surrogateescape').hex()}' AS TEXT)"
    return str(value)


def tagged(name: str) -> str:
    """A value as tagged text; seventeen digits are enough for any float."""
    return (
        f"CASE typeof({name}) WHEN 'null' THEN NULL WHEN 'integer' THEN 'i' || {name}"
        f" WHEN 'real' THEN 'r' || printf('%!.17g', {name}) WHEN 'text' THEN 't' || {name}"
        f" ELSE 'b' || hex({name}) END"
    )

"""Kinds of values: what a column's type means when it is compared, and which kinds can meet."""

import re
from dataclasses import dataclass

from bot.domain.playbook.table_checks import ColumnKind

Kind = ColumnKind
"""`timestamp` is without a zone, `timestamptz` an instant; `untyped` is what each value says it is."""

NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal", "float"})

# In this order: the first that is found in a declared type counts.
_DECLARED: tuple[tuple[str, Kind | None], ...] = (
    (r"\[\]|array|range$|interval|bit varying|^bit\(([2-9]|1\d)", None),
    (r"timestamptz|datetimeoffset|timestamp.*with time zone|timestamp.*with local", "timestamptz"),
    (r"timestamp|datetime", "timestamp"),
    (r"timetz|time.*with time zone", None),
    (r"^date$", "date"),
    (r"^time\b", "time"),
    (r"uuid|uniqueidentifier", "uuid"),
    (r"json", "json"),
    (r"bool|^tinyint\(1\)|^bit(\(1\))?$", "boolean"),
    (r"point", None),
    (r"int|serial|^oid$|^year", "integer"),
    (r"char|clob|text|^enum|^set\b|^name$|^string", "text"),
    (r"blob|binary|bytea", "bytes"),
    (r"real|floa|doub", "float"),
    (r"numeric|decimal|number|^dec\b", "decimal"),
)

_STRICTER: tuple[tuple[Kind, Kind], ...] = (
    ("boolean", "integer"),
    ("timestamptz", "timestamp"),
    ("uuid", "text"),
    ("json", "text"),
)


@dataclass(frozen=True)
class SideColumn:
    """A column of one side: its name, its kind (None: a type without a comparison), its declared type."""

    name: str
    kind: Kind | None
    declared: str = ""


def declared_kind(declared: str) -> Kind | None:
    """The kind of a declared type such as `numeric(12,2)`; None for one without a comparison."""
    text = declared.strip().lower()
    if not text:
        return "untyped"
    return next((kind for pattern, kind in _DECLARED if re.search(pattern, text)), None)


def shared_kind(legacy: Kind, new: Kind) -> Kind | None:
    """As what values of two kinds are compared; None where that needs a cast."""
    if legacy == new:
        return legacy
    both = {legacy, new}
    if "untyped" in both:
        return (both - {"untyped"}).pop()
    if both <= NUMBERS:
        return "decimal"
    return next((kind for kind, other in _STRICTER if both == {kind, other}), None)

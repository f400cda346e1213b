"""The one definition of when the values of a column are equal."""

from dataclasses import dataclass
from datetime import date
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from zoneinfo import ZoneInfo

from bot.domain.playbook.places import Side
from bot.domain.playbook.row_checks import Rows
from bot.domain.quantities import Limit
from bot.domain.row_difference import CellDifference
from bot.reconcile.rows.canonical import Canonical, canonical, written
from bot.reconcile.rows.kinds import Kind
from bot.reconcile.rows.resolve import Resolved, ResolvedColumn
from bot.reconcile.rows.values import Unmapped, Unreadable

_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_UTC = ZoneInfo("UTC")
_LONGEST_SHOWN = 1000
_PLAIN = frozenset({str, int, bool, bytes, date, type(None)})
"""Types of which equal values are the same in all that can be read from them."""

UNMAPPED = "legacy's value is not in the map"


class CellComparison:
    """Compares a column's values, as drivers give them, by its rule.

    In this order: spaces off the end, the map, the cast, the rounding; NULL is NULL throughout, or the
    empty text where the rule says so. Both zones are those of times without one. `read_alike` is whether
    the same rules read the values of both sides.
    """

    def __init__(self, column: ResolvedColumn, *, legacy_zone: ZoneInfo, new_zone: ZoneInfo) -> None:
        self.column = column
        self._rule = column.rule
        self._legacy_zone = legacy_zone
        self._new_zone = new_zone
        self.read_alike = column.rule.map is None and column.legacy.kind == column.new.kind and self.same_zone
        self._map = {
            text: canonical(value, column.kind, new_zone) for text, value in (column.rule.map or {}).items()
        }

    @property
    def name(self) -> str:
        """The column's name in legacy."""
        return self.column.name

    @property
    def zones(self) -> tuple[str, str]:
        """The zones of legacy's and new's times without one."""
        return self._legacy_zone.key, self._new_zone.key

    @property
    def same_zone(self) -> bool:
        """Whether they are the same."""
        return self._legacy_zone.key == self._new_zone.key

    def legacy(self, value: object) -> Canonical:
        """Legacy's value as it is compared."""
        value = self._trimmed(value)
        if value is None or self._rule.map is None:
            return self._ruled(value, self.column.legacy.kind, self._legacy_zone)
        own = canonical(value, self.column.legacy.kind or "untyped", self._legacy_zone)
        text = written(own, self.column.legacy.kind or "untyped")
        return self._rounded(self._map[text]) if text in self._map else Unmapped(text)

    def new(self, value: object) -> Canonical:
        """The new side's value as it is compared."""
        return self._ruled(self._trimmed(value), self.column.new.kind, self._new_zone)

    def equal(self, legacy: Canonical, new: Canonical) -> bool:
        """Whether two values as they are compared are equal, or within the column's tolerance."""
        if type(legacy) is type(new) and legacy == new:
            return not isinstance(legacy, Unmapped)
        if self._rule.tolerance is None or not isinstance(legacy, Decimal) or not isinstance(new, Decimal):
            return False
        return legacy.is_finite() and new.is_finite() and _within(legacy, new, self._rule.tolerance)

    def same_as_given(self, legacy: object, new: object) -> bool:
        """Whether two values, as drivers give them, are one and are read by the same rules: then they are
        equal, and need not be read. Where it is false, they may be equal all the same."""
        if not self.read_alike or type(legacy) is not type(new) or legacy != new:
            return False
        if isinstance(legacy, Decimal) and isinstance(new, Decimal):
            return legacy.same_quantum(new)
        return type(legacy) in _PLAIN

    def differ(self, legacy: object, new: object) -> bool:
        """Whether two values, as drivers give them, differ."""
        if self.same_as_given(legacy, new):
            return False
        return not self.equal(self.legacy(legacy), self.new(new))

    def difference(self, legacy: object, new: object) -> CellDifference | None:
        """How two values, as drivers give them, differ; None where they are equal."""
        if self.same_as_given(legacy, new):
            return None
        one, other = self.legacy(legacy), self.new(new)
        if self.equal(one, other):
            return None
        note = UNMAPPED if isinstance(one, Unmapped) else self._unread(one, other)
        if not self._rule.show:
            return CellDifference(column=self.name, note=note)
        return CellDifference(
            column=self.name, legacy=self.shown_legacy(legacy), new=self.shown_new(new), note=note
        )

    def one_sided(self, value: object, side: Side) -> CellDifference | None:
        """The value of a row that only this side has; None where the column is not shown."""
        if not self._rule.show:
            return None
        if side == "legacy":
            return CellDifference(column=self.name, legacy=self.shown_legacy(value))
        return CellDifference(column=self.name, new=self.shown_new(value))

    def shown_legacy(self, value: object) -> str:
        """Legacy's value as people read it."""
        return _shown(value, self.column.legacy.kind)

    def shown_new(self, value: object) -> str:
        """The new side's value as people read it."""
        return _shown(value, self.column.new.kind)

    def key_part(self, value: Canonical) -> str | None:
        """A part of a key as people read it; NULL stays None."""
        return None if value is None else _printable(written(value, self.column.kind))

    def _trimmed(self, value: object) -> object:
        return value.rstrip(" ") if self._rule.trim and isinstance(value, str) else value

    def _ruled(self, value: object, own: Kind | None, zone: ZoneInfo) -> Canonical:
        if self._rule.null_is_empty and value in (None, "", b""):
            return ""
        kind = self.column.kind
        if kind == "text" and own not in (None, "text", "untyped") and value is not None:
            # Its own kind says how it is written: a time of SQLite is text already.
            return written(canonical(value, own, zone), own)
        return self._rounded(canonical(value, kind, zone))

    def _rounded(self, value: Canonical) -> Canonical:
        if self._rule.round is None or not isinstance(value, Decimal) or not value.is_finite():
            return value
        step = Decimal(1).scaleb(-self._rule.round)
        return value.quantize(step, rounding=ROUND_HALF_EVEN, context=_EXACT)

    def _unread(self, legacy: Canonical, new: Canonical) -> str:
        sides = [
            f"{side}'s value is no {_NOUNS[self.column.kind]}"
            for side, value in (("legacy", legacy), ("new", new))
            if isinstance(value, Unreadable) and self.column.kind != "untyped" and value.text != "NaN"
        ]
        return "; ".join(sides)


_NOUNS: dict[Kind, str] = {
    "integer": "number",
    "decimal": "number",
    "float": "number",
    "text": "text",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "time",
    "timestamptz": "time",
    "time": "time of day",
    "bytes": "bytes",
    "uuid": "UUID",
    "json": "JSON",
    "untyped": "value",
}


@dataclass(frozen=True)
class RowDefinition:
    """How the rows of a check are compared: its key, and its other columns."""

    keys: tuple[CellComparison, ...]
    compared: tuple[CellComparison, ...]

    @property
    def columns(self) -> tuple[CellComparison, ...]:
        """Both, the key first."""
        return (*self.keys, *self.compared)


def row_definition(rows: Rows, resolved: Resolved) -> RowDefinition:
    """The definition for resolved columns. Raises SourceError for a zone that does not exist."""
    legacy, new = ZoneInfo(rows.legacy.zone), ZoneInfo(rows.new.zone)

    def comparisons(columns: tuple[ResolvedColumn, ...]) -> tuple[CellComparison, ...]:
        return tuple(CellComparison(one, legacy_zone=legacy, new_zone=new) for one in columns)

    return RowDefinition(keys=comparisons(resolved.keys), compared=comparisons(resolved.compared))


def _within(legacy: Decimal, new: Decimal, tolerance: Limit) -> bool:
    apart = _EXACT.abs(_EXACT.subtract(new, legacy))
    if tolerance.unit != "%":
        return apart <= tolerance.value
    if not legacy:
        return not apart
    return _EXACT.multiply(apart, Decimal(100)) <= _EXACT.multiply(tolerance.value, legacy.copy_abs())


def _shown(value: object, kind: Kind | None) -> str:
    found = canonical(value, kind or "untyped", _UTC)
    return _printable(written(found, kind or "untyped"))


def _printable(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"

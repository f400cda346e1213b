"""Which columns of two sides are compared with each other, and as what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.errors import SourceError, nearest
from bot.domain.playbook.places import Side
from bot.domain.playbook.row_checks import Column, Rows
from bot.reconcile.rows.kinds import NUMBERS, Kind, SideColumn, shared_kind

_CAST: dict[str, Kind] = {
    "text": "text",
    "integer": "integer",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
_AS_WRITTEN = Column()


@dataclass(frozen=True)
class ResolvedColumn:
    """A column on both sides, the kind as which it is compared, and its rule."""

    legacy: SideColumn
    new: SideColumn
    kind: Kind
    rule: Column = _AS_WRITTEN

    @property
    def name(self) -> str:
        """How people know it: its name in legacy."""
        return self.legacy.name

    def side(self, side: Side) -> SideColumn:
        """The column of one side."""
        return self.legacy if side == "legacy" else self.new


@dataclass(frozen=True)
class Resolved:
    """The key's columns, in the key's order, and those that are compared, in legacy's order."""

    keys: tuple[ResolvedColumn, ...]
    compared: tuple[ResolvedColumn, ...]

    @property
    def columns(self) -> tuple[ResolvedColumn, ...]:
        """Both, the key first."""
        return (*self.keys, *self.compared)


def resolve(rows: Rows, legacy: Sequence[SideColumn], new: Sequence[SideColumn]) -> Resolved:
    """Matches the columns. Raises SourceError that names all that is wrong, with the nearest names."""
    matching = _Matching(rows, legacy, new)
    keys = tuple(matching.keys())
    compared = tuple(matching.compared())
    matching.leftover()
    if matching.problems:
        raise SourceError("; ".join(dict.fromkeys(matching.problems)))
    return Resolved(keys=keys, compared=compared)


class _Matching:
    def __init__(self, rows: Rows, legacy: Sequence[SideColumn], new: Sequence[SideColumn]) -> None:
        self._rows = rows
        self._legacy = {column.name: column for column in legacy}
        self._new = {column.name: column for column in new}
        self._used_new: dict[str, str] = {}
        self.problems: list[str] = []
        for side, columns, known in (("legacy", legacy, self._legacy), ("new", new, self._new)):
            if len(columns) != len(known):
                self.problems.append(f"{side} has two columns of one name")
        for side, name in self._windows():
            self._found(side, name, "a window or watermark")
        for name in rows.ignore:
            if name not in self._legacy and name not in self._new:
                self.problems.append(f"no side has the ignored column {name}" + self._hint("legacy", name))

    def keys(self) -> Iterator[ResolvedColumn]:
        for pair in self._rows.keys:
            rule = self._rows.columns.get(pair.legacy, _AS_WRITTEN)
            if rule.tolerance is not None:
                self.problems.append(f"column {pair.legacy} is in the key and cannot have a tolerance")
            if rule.new not in (None, pair.new):
                self.problems.append(f"column {pair.legacy} is called {pair.new} in the key, and {rule.new}")
            legacy, new = (
                self._found("legacy", pair.legacy, "the key"),
                self._found("new", pair.new, "the key"),
            )
            if legacy and new and (column := self._joined(legacy, new, rule)):
                if column.kind == "json":
                    self.problems.append(f"column {pair.legacy} is JSON, which is no key")
                yield column

    def compared(self) -> Iterator[ResolvedColumn]:
        keys = {pair.legacy for pair in self._rows.keys}
        for name in self._rows.columns:
            if name not in keys:
                self._found("legacy", name, "columns")
        for legacy in self._legacy.values():
            rule = self._rows.columns.get(legacy.name, _AS_WRITTEN)
            if legacy.name in keys or legacy.name in self._rows.ignore:
                continue
            called = rule.new or legacy.name
            if rule.new is None and called not in self._new:
                self.problems.append(
                    f"only legacy has column {called}: rename or ignore it{self._hint('new', called)}"
                )
            elif (new := self._found("new", called, "columns")) and (
                column := self._joined(legacy, new, rule)
            ):
                yield column

    def leftover(self) -> None:
        keys = {pair.new for pair in self._rows.keys}
        renamed = {rule.new for rule in self._rows.columns.values()}
        for name in self._new:
            if name in keys or name in renamed or name in self._rows.ignore or name in self._used_new:
                continue
            if name not in self._legacy or name in {pair.legacy for pair in self._rows.keys}:
                self.problems.append(
                    f"only new has column {name}: rename or ignore it{self._hint('legacy', name)}"
                )

    def _joined(self, legacy: SideColumn, new: SideColumn, rule: Column) -> ResolvedColumn | None:
        if (other := self._used_new.setdefault(new.name, legacy.name)) != legacy.name:
            self.problems.append(f"columns {other} and {legacy.name} are both compared with new's {new.name}")
            return None
        kind = self._kind(legacy, new, rule)
        if kind is None:
            return None
        if kind not in NUMBERS | {"untyped"} and (rule.tolerance is not None or rule.round is not None):
            what = "a tolerance" if rule.tolerance is not None else "rounding"
            self.problems.append(f"column {legacy.name} is {kind}, and {what} is for numbers")
            return None
        return ResolvedColumn(legacy=legacy, new=new, kind=kind, rule=rule)

    def _kind(self, legacy: SideColumn, new: SideColumn, rule: Column) -> Kind | None:
        if rule.cast is not None:
            return _CAST[rule.cast]
        unknown = [
            f"{side}'s column {column.name} is of type {column.declared}, which has no comparison:"
            " cast it to text, or ignore it"
            for side, column in (("legacy", legacy), ("new", new))
            if column.kind is None
        ]
        self.problems += unknown
        if unknown or legacy.kind is None or new.kind is None:
            return None
        if rule.map is not None:
            return new.kind
        kind = shared_kind(legacy.kind, new.kind)
        if kind is None:
            self.problems.append(
                f"column {legacy.name} is {legacy.kind} in legacy and {new.kind} in new: cast or map it"
            )
        return kind

    def _found(self, side: Side, name: str, where: str) -> SideColumn | None:
        column = (self._legacy if side == "legacy" else self._new).get(name)
        if column is None:
            self.problems.append(f"{side} has no column {name}, named in {where}{self._hint(side, name)}")
        return column

    def _hint(self, side: Side, name: str) -> str:
        alike = nearest(name, self._legacy if side == "legacy" else self._new)
        return f" (did you mean {alike}?)" if alike else ""

    def _windows(self) -> Iterator[tuple[Side, str]]:
        for one in (self._rows.window, self._rows.watermark):
            if one is not None:
                yield "legacy", one.legacy
                yield "new", one.new

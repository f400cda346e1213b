"""Checks that compare rows by key, as declared."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.playbook.part import Part
from bot.domain.playbook.places import ColumnName, RowSide
from bot.domain.quantities import Duration, Limit, parse_duration

Mapped = str | bool | int


class Pair(Part):
    """A column by its name on each side."""

    legacy: ColumnName
    new: ColumnName


class Column(Part):
    """How one column is compared, beside what its type says.

    `new` is its name on the new side. `map` turns legacy's values, as text, into the new side's; a value
    that it does not have differs. `cast` reads both sides as that kind, `round` rounds both half to even to
    so many decimals, `trim` takes spaces from the end of both, `null_is_empty` takes NULL for the empty
    text. `tolerance` is how far apart numbers may be (percent of legacy for `%`). Values are shown to people
    only where `show` says so.
    """

    new: ColumnName | None = None
    map: dict[str, Mapped] | None = None
    cast: Literal["text", "integer", "decimal", "boolean", "date", "timestamp"] | None = None
    round: int | None = Field(default=None, ge=0, le=28)
    trim: bool = False
    null_is_empty: bool = False
    tolerance: Limit | None = None
    show: bool = False

    @model_validator(mode="after")
    def _a_tolerance_of_numbers(self) -> Self:
        if self.tolerance is not None and (self.tolerance.unit == "pp" or self.tolerance.value < 0):
            raise ValueError("a column's tolerance is a number or a percentage of legacy, and not negative")
        return self


class Window(Part):
    """Only rows whose time in these columns is at most `last` ago."""

    legacy: ColumnName
    new: ColumnName
    last: Duration


class Watermark(Part):
    """Only rows that were changed before `lag` ago: newer ones may not have arrived on the other side."""

    legacy: ColumnName
    new: ColumnName
    lag: Duration = Field(default=parse_duration("5m"))


class Rows(Part):
    """Rows of both sides, matched by `key`.

    Every column that both sides have is compared, those of `columns` by their rules; one that only one
    side has is renamed there, or ignored.
    """

    key: tuple[ColumnName | Pair, ...] = Field(min_length=1, max_length=16)
    legacy: RowSide
    new: RowSide
    columns: dict[ColumnName, Column] = Field(default_factory=dict)
    ignore: tuple[ColumnName, ...] = ()
    window: Window | None = None
    watermark: Watermark | None = None
    may_be_empty: bool = False

    @property
    def keys(self) -> tuple[Pair, ...]:
        """The key's columns by their names on both sides."""
        return tuple(Pair(legacy=one, new=one) if isinstance(one, str) else one for one in self.key)

    @model_validator(mode="after")
    def _each_column_once(self) -> Self:
        keys = self.keys
        for side, names in (("legacy", [k.legacy for k in keys]), ("new", [k.new for k in keys])):
            if len(set(names)) != len(names):
                raise ValueError(f"a column is in the key twice on the side {side}")
        ruled = sorted(set(self.ignore) & {*self.columns, *(key.legacy for key in keys)})
        if ruled:
            raise ValueError(f"{ruled[0]} is compared and ignored")
        return self

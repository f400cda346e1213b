"""Rows that differ between legacy and new, as they are told and kept."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.group import Group, group_name

RowKind = Literal["missing_in_new", "missing_in_legacy", "differing", "duplicated"]

MOST_KEPT = 100_000
"""Differing rows of one check that are kept one by one; beyond that they are only counted."""


class CellDifference(BaseModel):
    """A column whose values differ in a row.

    `legacy` and `new` are its values as people read them, NULL as `NULL`; both are None where the
    playbook does not show the column's values: they are then nowhere. `note` says what is special, such
    as a value that a map does not have.
    """

    model_config = ConfigDict(frozen=True)
    column: str
    legacy: str | None = None
    new: str | None = None
    note: str = ""


class RowDifference(BaseModel):
    """One key whose rows differ.

    `legacy_rows` and `new_rows` count the rows of that key on each side: a duplicated key has more than
    one on a side. `cells` are the columns that differ; of a row that one side misses, the shown columns
    of the other.
    """

    model_config = ConfigDict(frozen=True)
    kind: RowKind
    key: Group
    legacy_rows: int = 1
    new_rows: int = 1
    cells: tuple[CellDifference, ...] = ()

    @property
    def name(self) -> str:
        """The key as people read it: `4711`, or `4711 / EUR`."""
        return group_name(self.key)


class ColumnCount(BaseModel):
    """How many rows differ in a column."""

    model_config = ConfigDict(frozen=True)
    column: str
    rows: int


class RowsFound(BaseModel):
    """What a row check counted. `legacy` and `new` are rows of each side, the others are keys.

    `columns` are those that differ somewhere, the one with most rows first.
    """

    model_config = ConfigDict(frozen=True)
    legacy: int
    new: int
    missing_in_new: int = 0
    missing_in_legacy: int = 0
    differing: int = 0
    duplicated: int = 0
    columns: tuple[ColumnCount, ...] = ()

    @property
    def total(self) -> int:
        """Keys with a difference of any kind."""
        return self.missing_in_new + self.missing_in_legacy + self.differing + self.duplicated

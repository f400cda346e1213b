"""A row that only one side has just so: the snapshot says so of its hash."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.playbook.places import Side
from bot.reconcile.rows.postgres_pair import KeyText

HashedRow = tuple[object, ...]
"""The texts of a row's key, and its hash behind them."""

OddPlace = tuple[Side, KeyText]
"""A row's side, and the texts of its key there."""


@dataclass(frozen=True)
class OddRow:
    """Its place and its hash."""

    side: Side
    key: KeyText
    hash: object

    @property
    def place(self) -> OddPlace:
        """Its side and its key."""
        return self.side, self.key


def odd_rows(legacy: Iterable[HashedRow], new: Iterable[HashedRow]) -> list[OddRow]:
    """Those of both sides."""
    one, other = set(legacy), set(new)
    return [*_of("legacy", one - other), *_of("new", other - one)]


def _of(side: Side, rows: Iterable[HashedRow]) -> list[OddRow]:
    return [OddRow(side, tuple(map(str, row[:-1])), row[-1]) for row in rows]

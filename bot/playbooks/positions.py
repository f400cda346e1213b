"""Where each key and value of a document stands in its file."""

from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Keys and indices from the top of a document to one of its places."""


@dataclass(frozen=True)
class Position:
    """Line and column, both counting from 1; a column is a character, not a byte."""

    line: int
    column: int


@dataclass(frozen=True)
class Positions:
    """Positions of keys and values by path. Items of a list have no key."""

    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)

    def of_key(self, path: Path) -> Position:
        """Where the key of that path stands; where it has none, its value; else what is around it."""
        for length in range(len(path), -1, -1):
            known = self.keys.get(path[:length]) or self.values.get(path[:length])
            if known is not None:
                return known
        return Position(1, 1)

    def of_value(self, path: Path) -> Position:
        """Where the value of that path stands; when there is no such place, what is around it."""
        return self.values.get(path) or self.of_key(path)

"""A table as its number of rows and one digest, whatever the order of the rows."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

_MODULUS = 1 << 256


class TableDigest:
    """Adds rows up: the sum of each row's SHA-256, so that order does not matter and a double row does.

    `columns` are the names of the table's columns: a row is hashed by name, so that a table made anew
    with its columns in another order is the same.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.rows = 0
        self._order = sorted(range(len(columns)), key=lambda index: columns[index])
        self._names = [columns[index].encode() for index in self._order]
        self._sum = int.from_bytes(sha256(b"\0".join(self._names)).digest())

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Count some more rows."""
        for row in rows:
            found = sha256()
            for name, index in zip(self._names, self._order, strict=True):
                cell = _cell(row[index])
                # With its length before it, no cell can pass for the end of another.
                found.update(b"%d:%s%d:%s" % (len(name), name, len(cell), cell))
            self._sum = (self._sum + int.from_bytes(found.digest())) % _MODULUS
            self.rows += 1

    @property
    def hexadecimal(self) -> str:
        """The digest, 64 characters."""
        return f"{self._sum:064x}"


def _cell(value: object) -> bytes:
    """A cell as bytes: its type and its exact value."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b"bytes " + bytes(value)
    if isinstance(value, str):
        return b"str " + value.encode("utf-8", "surrogatepass")
    return f"{type(value).__name__} {value!r}".encode("utf-8", "surrogatepass")

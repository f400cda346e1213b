"""A clock that is set, and identifiers that are counted."""


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time


class CountedIds:
    """ID1, ID2, ID3…"""

    def __init__(self) -> None:
        self._count = 0

    def token(self) -> str:
        self._count += 1
        return f"ID{self._count}"

"""How far the comparison of rows has come, and how long the rest will take."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

# Of less than this a speed says nothing yet.
_TELLING_SECONDS = 1.0
_MINUTE = 60
_HOUR = 3600


@dataclass(frozen=True)
class Advance:
    """How far a row check has come. `rows_total` and `chunks_total` are estimates; None is not known.

    Rows are those of both sides together.
    """

    check: str
    rows: int
    rows_total: int | None
    chunks: int
    chunks_total: int | None


@dataclass(frozen=True)
class Pace:
    """The first and the last that was told of a check, and when (seconds of a steady clock)."""

    first: Advance
    first_at: float
    last: Advance
    last_at: float

    @classmethod
    def begun(cls, advance: Advance, at: float) -> "Pace":
        """With the first that is told."""
        return cls(advance, at, advance, at)

    def advanced(self, advance: Advance, at: float) -> "Pace":
        """With the next that is told."""
        return Pace(self.first, self.first_at, advance, at)

    def seconds_left(self, now: float) -> float | None:
        """What is left at the speed until now, by rows where their total is known, else by chunks.

        None where no total or no speed is known yet, and where there is more than was estimated.
        """
        done, before, total = self.last.rows, self.first.rows, self.last.rows_total
        if total is None:
            done, before, total = self.last.chunks, self.first.chunks, self.last.chunks_total
        took = self.last_at - self.first_at
        if total is None or done <= before or took < _TELLING_SECONDS or done > total:
            return None
        return max(0.0, (total - done) * took / (done - before) - (now - self.last_at))

    def progress(self, title: str, now: float) -> "RowProgress":
        """It, as it is told to people."""
        last = self.last
        return RowProgress(
            check=last.check,
            title=title,
            rows=last.rows,
            rows_total=last.rows_total,
            chunks=last.chunks,
            chunks_total=last.chunks_total,
            seconds_left=self.seconds_left(now),
        )


class RowProgress(BaseModel):
    """How far a row check has come, with the seconds that are left where they can be estimated."""

    model_config = ConfigDict(frozen=True)
    check: str
    title: str
    rows: int
    rows_total: int | None = None
    chunks: int = 0
    chunks_total: int | None = None
    seconds_left: float | None = None

    def described(self) -> str:
        """`412,000 of about 1,000,000 rows (chunk 7 of 16), about 20 s left`."""
        total = self.rows_total
        known = total is not None and total >= self.rows
        rows = f"{self.rows:,} of about {total:,} rows" if known else f"{self.rows:,} rows"
        counted = self.chunks_total is not None and self.chunks_total >= max(self.chunks, 2)
        chunks = f" (chunk {self.chunks} of {self.chunks_total})" if counted else ""
        left = f", {time_left(self.seconds_left)}" if self.seconds_left is not None else ""
        return f"{rows}{chunks}{left}"


def time_left(seconds: float) -> str:
    """`about 20 s left`: no finer than the estimate is."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 1.5 * _MINUTE:
        return f"about {round(seconds / 5) * 5} s left"
    if seconds < 1.5 * _HOUR:
        return f"about {round(seconds / _MINUTE)} min left"
    return f"about {round(seconds / _HOUR)} h left"

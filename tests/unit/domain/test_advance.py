"""How far a comparison of rows is, and how long the rest will take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.advance import Advance, Pace, RowProgress, time_left


def advance(rows: int, total: int | None = 1_000_000, chunks: int = 0, of: int | None = 16) -> Advance:
    return Advance("employees", rows, total, chunks, of)


def test_the_rest_takes_as_long_as_what_is_done_says_less_what_has_passed_since() -> None:
    pace = Pace.begun(advance(0), 100.0).advanced(advance(250_000), 110.0)
    assert pace.seconds_left(110.0) == 30
    assert pace.seconds_left(114.0) == 26
    assert pace.seconds_left(200.0) == 0


def test_what_was_done_before_the_first_word_says_nothing_of_the_speed() -> None:
    pace = Pace.begun(advance(500_000), 0.0).advanced(advance(600_000), 10.0)
    assert pace.seconds_left(10.0) == 40


def test_without_a_number_of_rows_the_chunks_tell() -> None:
    pace = Pace.begun(advance(0, None), 0.0).advanced(advance(9, None, chunks=4), 8.0)
    assert pace.seconds_left(8.0) == 24


@pytest.mark.parametrize(
    "pace",
    [
        Pace.begun(advance(0), 0.0),
        Pace.begun(advance(0), 0.0).advanced(advance(10), 0.5),
        Pace.begun(advance(0, None, of=None), 0.0).advanced(advance(10, None, of=None), 9.0),
        Pace.begun(advance(0), 0.0).advanced(advance(1_000_001), 9.0),
    ],
    ids=["only begun", "too short", "no total", "more than was estimated"],
)
def test_where_nothing_can_be_said_nothing_is_said(pace: Pace) -> None:
    assert pace.seconds_left(60.0) is None


@given(
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.none() | st.integers(0, 10**7),
    st.floats(0, 1e6),
    st.floats(0, 1e6),
)
def test_time_left_is_never_negative_and_never_breaks(
    first: int, more: int, total: int | None, took: float, since: float
) -> None:
    pace = Pace.begun(advance(first, total), 0.0).advanced(advance(first + more, total), took)
    left = pace.seconds_left(took + since)
    assert left is None or left >= 0
    assert pace.progress("Employees", took + since).described()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "a few seconds left"),
        (4.9, "a few seconds left"),
        (19, "about 20 s left"),
        (89, "about 90 s left"),
        (91, "about 2 min left"),
        (1234, "about 21 min left"),
        (3 * 3600, "about 3 h left"),
    ],
)
def test_the_time_is_told_no_finer_than_it_is_known(seconds: float, text: str) -> None:
    assert time_left(seconds) == text


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (
            RowProgress(
                check="e",
                title="E",
                rows=412_000,
                rows_total=1_000_000,
                chunks=7,
                chunks_total=16,
                seconds_left=19,
            ),
            "412,000 of about 1,000,000 rows (chunk 7 of 16), about 20 s left",
        ),
        (RowProgress(check="e", title="E", rows=412_000), "412,000 rows"),
        (RowProgress(check="e", title="E", rows=12, rows_total=10, chunks=9, chunks_total=8), "12 rows"),
        (
            RowProgress(check="e", title="E", rows=12, rows_total=100, chunks=1, chunks_total=1),
            "12 of about 100 rows",
        ),
    ],
)
def test_progress_tells_what_is_known(progress: RowProgress, text: str) -> None:
    assert progress.described() == text

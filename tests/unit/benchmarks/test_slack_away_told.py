"""What counts as lost, told twice and out of order."""

import pytest

from benchmarks.slack_away_told import Told, compare


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("abcd", Told(4, 0, 0, 0)),
        ("abd", Told(4, 1, 0, 0)),
        ("abccd", Told(4, 0, 1, 0)),
        ("abdc", Told(4, 0, 0, 1)),
        ("dabca", Told(4, 0, 1, 2)),
        ("abcdx", Told(4, 0, 1, 0)),
        ("", Told(4, 4, 0, 0)),
    ],
)
def test_each_line_is_told_once_and_in_its_place(told: str, found: Told) -> None:
    assert compare("abcd", told) == found


def test_a_line_that_was_recorded_twice_has_to_be_told_twice() -> None:
    assert compare(["a", "b", "a"], ["a", "b"]).lost == 1
    assert compare(["a", "b"], ["a", "b"]) + Told(1, 1, 0, 0) == Told(3, 1, 0, 0)

"""A line chart: one that Slack takes, thinned so that it never looks better than it was."""

import math
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.block_kit.surfaces import message_problems
from bot.sandbox.json_values import JsonObject, as_list, as_object, objects_in
from bot.slack.blocks import Message, section
from bot.slack.chart import MOST_POINTS, MOST_SERIES, LineChart, Series, kept_points, line_chart
from tests.unit.slack.judges import as_json, message_refusals

finite = st.floats(-1e6, 1e6) | st.integers(-(10**6), 10**6) | st.decimals(-1000, 1000)
values = st.none() | st.floats() | finite


def drawn(categories: list[str], *series: Series) -> LineChart:
    chart = line_chart(title="Variance", categories=categories, series=series)
    assert chart is not None
    return chart


def series_of(chart: LineChart) -> list[JsonObject]:
    return objects_in(as_object(as_json(chart.block)["chart"])["series"])


def points_of(chart: LineChart, series: int = 0) -> list[tuple[object, object]]:
    return [(point["label"], point["value"]) for point in objects_in(series_of(chart)[series]["data"])]


def days(count: int) -> list[str]:
    return [f"day {number}" for number in range(1, count + 1)]


@given(st.lists(st.text(max_size=30), max_size=60), st.data(), st.text(max_size=80))
def test_whatever_stands_in_it_slack_takes_it(categories: list[str], data: st.DataObject, title: str) -> None:
    column = st.lists(values, min_size=len(categories), max_size=len(categories))
    series = data.draw(st.lists(st.builds(Series, st.text(max_size=40), column), max_size=9))
    chart = line_chart(title=title, categories=categories, series=series, x_label=title, y_label=title)
    usable = [row for row in zip(*(one.values for one in series[:MOST_SERIES]), strict=True) if _whole(row)]
    assert (chart is None) == (len(usable) < 2)
    if chart is not None:
        assert message_problems(blocks=[as_json(chart.block)], attachments=None) == []


def _whole(row: tuple[Decimal | int | float | None, ...]) -> bool:
    return all(value is not None and math.isfinite(value) for value in row)


@given(st.integers(1, 90), st.integers(1, MOST_SERIES), st.randoms(use_true_random=False))
def test_the_last_point_and_the_largest_of_each_line_are_kept(count: int, width: int, chance: Random) -> None:
    # Few values, so that equal ones are frequent: a list of drawn numbers takes seconds to draw.
    lines = [[float(chance.randint(-9, 9)) for _ in range(count)] for _ in range(width)]
    kept = kept_points(lines)
    assert kept == sorted(set(kept))
    assert len(kept) == min(count, MOST_POINTS)
    assert kept[-1] == count - 1
    for line in lines:
        assert max(abs(line[at]) for at in kept) == max(map(abs, line))


@given(st.lists(st.integers(0, 100), min_size=MOST_POINTS + 1, max_size=80))
def test_between_two_points_that_are_drawn_nothing_was_larger_than_both_by_surprise(line: list[int]) -> None:
    """Whatever is left out is no larger than a point that is drawn in its stretch."""
    kept = kept_points([line])
    longest = -(-len(line) // (MOST_POINTS - 2))
    for at, value in enumerate(line):
        near = [other for other in kept if abs(other - at) <= longest + 2]
        assert max(line[other] for other in near) >= value


def test_thirty_days_are_drawn_as_twenty_points_and_it_is_said() -> None:
    line = [1] * 30
    line[4], line[11], line[12] = 9, 5, 6
    chart = drawn(days(30), Series("Variance", line), Series("Limit", [2] * 30))
    assert len(points_of(chart)) == MOST_POINTS
    assert {("day 5", 9), ("day 13", 6), ("day 30", 1)} <= set(points_of(chart))
    assert chart.note == "20 of 30 points are drawn: the last, and the largest of each stretch."
    assert points_of(chart, 1) == [(label, 2) for label, _ in points_of(chart)]


def test_a_chart_that_shows_everything_says_nothing() -> None:
    chart = drawn(days(3), Series("Variance", [1, Decimal("2.5"), -3]))
    assert points_of(chart) == [("day 1", 1), ("day 2", 2.5), ("day 3", -3)]
    assert chart.note == ""


def test_a_day_without_a_value_is_left_out_and_named() -> None:
    chart = drawn(days(10), Series("a", [1, None, 3, *[4] * 7]), Series("b", [1, 2, 3, *[float("nan")] * 7]))
    assert [label for label, _ in points_of(chart)] == ["day 1", "day 3"]
    assert chart.note == "Without a value: day 2, day 4, day 5, day 6, day 7 and 3 more."


@pytest.mark.parametrize("line", [[], [1], [None, None, 1]])
def test_one_point_makes_no_line(line: list[int | None]) -> None:
    assert line_chart(title="t", categories=days(len(line)), series=[Series("a", line)]) is None


def test_labels_and_names_are_told_apart_when_they_are_cut() -> None:
    long = "the total compensation of everybody"
    chart = drawn(
        ["14 Nov", "14 Nov", "14 Nov"], Series(long + " A", [1, 2, 3]), Series(long + " B", [1, 2, 3])
    )
    assert [label for label, _ in points_of(chart)] == ["14 Nov", "14 Nov (2)", "14 Nov (3)"]
    assert [series["name"] for series in series_of(chart)] == ["the total compensat…", "the total compe… (2)"]


def test_more_lines_than_can_be_told_apart_are_counted() -> None:
    chart = drawn(days(2), *(Series(f"check {number}", [1, 2]) for number in range(8)))
    assert [series["name"] for series in series_of(chart)] == [f"check {n}" for n in range(MOST_SERIES)]
    assert chart.note == "2 more lines are not drawn."


def test_a_line_of_another_length_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="for each category"):
        line_chart(title="t", categories=days(3), series=[Series("a", [1, 2])])


def test_a_message_with_a_chart_is_taken_by_the_judges_of_messages() -> None:
    chart = drawn(days(40), Series("a", range(40)))
    assert message_refusals(Message(text="t", blocks=(chart.block,), plainer=(section("t"),))) == []


def test_the_axis_is_the_categories_that_are_drawn() -> None:
    chart = drawn(days(40), Series("a", range(40)))
    axis = as_object(as_object(as_json(chart.block)["chart"])["axis_config"])
    assert as_list(axis["categories"]) == [label for label, _ in points_of(chart)]

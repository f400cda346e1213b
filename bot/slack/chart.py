"""Slack's data_visualization: lines over time, thinned where there are more points than Slack takes.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.slack.blocks import Block, clip

MOST_POINTS = 20
# Slack's page has said six and twelve: six are taken in any case, and more lines cannot be told apart.
MOST_SERIES = 6
TITLE_TEXT = 50
LABEL_TEXT = 20
# How many labels are named that have no value.
_NAMED = 5


@dataclass(frozen=True)
class Series:
    """A line: its name, and a value or None for each category."""

    name: str
    values: Sequence[Decimal | int | float | None]


@dataclass(frozen=True)
class LineChart:
    """The block, and what it does not show: a sentence or two to put below it, empty where it shows all."""

    block: Block
    note: str


def line_chart(
    *,
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    x_label: str = "",
    y_label: str = "",
    block_id: str | None = None,
) -> LineChart | None:
    """Lines over the same categories, oldest first; None where they have no two points.

    Of more than MOST_SERIES the first are drawn: put those first that matter. Slack wants a value of every
    line in every category and has no gaps: where one is missing, the category is left out, and the note
    names it. Of more than MOST_POINTS the last is drawn, the largest of each line, and of as many equal
    stretches as there is room for the largest of each, so that no peak is smoothed away: the picture can
    look worse than it was, never better. The note says so.
    ValueError where a line has not as many values as there are categories.
    """
    drawn = series[:MOST_SERIES]
    if any(len(one.values) != len(categories) for one in drawn):
        raise ValueError("each line of a chart has a value or None for each category")
    columns = [[_finite(value) for value in one.values] for one in drawn]
    whole = [at for at in range(len(categories)) if all(column[at] is not None for column in columns)]
    if not drawn or len(whole) < 2:
        return None
    lines = [[value for at in whole if (value := column[at]) is not None] for column in columns]
    kept = kept_points(lines)
    labels = _distinct(categories[whole[at]] for at in kept)
    chart: Block = {
        "type": "line",
        "series": [
            {
                "name": name,
                "data": [{"label": label, "value": line[at]} for label, at in zip(labels, kept, strict=True)],
            }
            for name, line in zip(_distinct(one.name for one in drawn), lines, strict=True)
        ],
        "axis_config": {
            "categories": labels,
            **({"x_label": clip(x_label, TITLE_TEXT)} if x_label else {}),
            **({"y_label": clip(y_label, TITLE_TEXT)} if y_label else {}),
        },
    }
    block: Block = {"type": "data_visualization", "title": clip(title, TITLE_TEXT) or " ", "chart": chart}
    missing = [label for at, label in enumerate(categories) if at not in set(whole)]
    return LineChart(
        block if block_id is None else {**block, "block_id": block_id},
        _note(missing, shown=len(kept), of=len(whole), undrawn=len(series) - len(drawn)),
    )


def kept_points(lines: Sequence[Sequence[float]]) -> list[int]:
    """Which points of some lines of equal length are drawn, in order: the last, the largest of each line
    that is not flat, and the largest of each of as many equal stretches as there is room for.

    Values count by their size without the sign, as a part of the line's largest; of equals the later one.
    """
    count = len(lines[0])
    if count <= MOST_POINTS:
        return list(range(count))
    sizes = [[abs(value) for value in line] for line in lines if len(set(line)) > 1]
    peaks = [max(line) for line in sizes]
    # Of a line's largest values the latest.
    kept = {count - 1, *(count - 1 - line[::-1].index(max(line)) for line in sizes)}

    def weight(at: int) -> tuple[float, int]:
        return max((line[at] / peak for line, peak in zip(sizes, peaks, strict=True)), default=0.0), at

    others = [at for at in range(count) if at not in kept]
    room = MOST_POINTS - len(kept)
    bounds = [len(others) * number // room for number in range(room + 1)]
    stretches = (others[start:end] for start, end in pairwise(bounds))
    return sorted(kept | {max(stretch, key=weight) for stretch in stretches})


def _finite(value: Decimal | int | float | None) -> int | float | None:
    if value is None or isinstance(value, int):
        return value
    return found if math.isfinite(found := float(value)) else None


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts as labels, no two of them the same: `14 Nov`, `14 Nov (2)`."""
    made: list[str] = []
    for text in texts:
        label, number = clip(text, LABEL_TEXT) or " ", 1
        while label in made:
            number += 1
            ending = f" ({number})"
            label = clip(text, LABEL_TEXT - len(ending)) + ending
        made.append(label)
    return made


def _note(missing: Sequence[str], *, shown: int, of: int, undrawn: int) -> str:
    said = []
    if shown < of:
        said.append(f"{shown} of {of} points are drawn: the last, and the largest of each stretch.")
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        said.append(f"Without a value: {', '.join(missing[:_NAMED])}{more}.")
    if undrawn:
        said.append(f"{undrawn} more {'line is' if undrawn == 1 else 'lines are'} not drawn.")
    return " ".join(said)

"""The chart of a summary: how far each check was from its limit, day by day."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from bot.domain.check_history import MOST_PERCENT, CheckPoint, percent_of_limit

# With the limit itself that makes the six lines that can be told apart.
MOST_LINES = 5
_TENTH = Decimal("0.1")


class VarianceLine(BaseModel):
    """A check: its title, and for each day the percentage of its limit, None where it was not compared."""

    model_config = ConfigDict(frozen=True)
    title: str
    percents: tuple[Decimal | None, ...]


class VarianceChart(BaseModel):
    """Lines over the same days, oldest first; `note` says what they do not show."""

    model_config = ConfigDict(frozen=True)
    days: tuple[date, ...]
    lines: tuple[VarianceLine, ...]
    note: str


def variance_chart(
    days: Sequence[date], history: Mapping[str, Mapping[date, CheckPoint]]
) -> VarianceChart | None:
    """The checks that matter most, the one that is furthest off today first; None where there is no line.

    A check that was the same on both sides on every day is no line, and one that was compared on less than
    half of the days is none either: the days that it lacks would be lost to the others.
    """
    lines: list[tuple[tuple[Decimal, Decimal], VarianceLine]] = []
    flat = seldom = 0
    for points in history.values():
        percents = tuple(
            None if (point := points.get(day)) is None else percent_of_limit(point.result) for day in days
        )
        known = [percent for percent in percents if percent is not None]
        if len(known) * 2 < len(days) or not known:
            seldom += 1
        elif not any(known):
            flat += 1
        else:
            title = points[max(points)].result.title
            shown = tuple(None if one is None else one.quantize(_TENTH) for one in percents)
            lines.append(
                ((percents[-1] or Decimal(0), max(known)), VarianceLine(title=title, percents=shown))
            )
    if not lines:
        return None
    lines.sort(key=lambda one: one[0], reverse=True)
    drawn = tuple(line for _, line in lines[:MOST_LINES])
    return VarianceChart(
        days=tuple(days),
        lines=drawn,
        note=_note(drawn, left=len(lines) - len(drawn), flat=flat, seldom=seldom),
    )


def _note(lines: Sequence[VarianceLine], *, left: int, flat: int, seldom: int) -> str:
    said = []
    if any(percent == MOST_PERCENT for line in lines for percent in line.percents):
        said.append(f"{MOST_PERCENT} stands for more than that, and for any difference where the limit is 0")
    left_out = (
        (left, "further from the limit"),
        (flat, "without any difference"),
        (seldom, "compared too seldom"),
    )
    parts = [f"{count} {'check' if count == 1 else 'checks'} {why}" for count, why in left_out if count]
    if parts:
        said.append(f"not drawn: {', '.join(parts)}")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""

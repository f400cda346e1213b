"""The history of a check as an SVG, which every browser shows and nothing has to be installed for."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from bot.domain.check_history import MOST_PERCENT, CheckPoint, percent_of_limit

_WIDTH, _HEIGHT = 960, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 30, 90, 70
_MOST = int(MOST_PERCENT)
_DATES = 8
_INK, _GREY, _PALE, _RED, _BLUE = "#1d1c1d", "#616061", "#e8e8e8", "#c01343", "#1264a3"


def history_picture(migration: str, points: Sequence[CheckPoint], *, since: datetime, until: datetime) -> str:
    """An SVG document: percent of the limit over time, marks that differ in shape for each verdict.

    A difference above twice the limit is drawn at the top; what could not be compared stands below the axis.
    """
    title = points[-1].result.title if points else ""
    limit = points[-1].result.tolerance if points else ""
    failed = sum(point.result.status == "failed" for point in points)
    unknown = sum(percent_of_limit(point.result) is None for point in points)
    told = f"{len(points)} reconciliations, {failed} outside the limit"
    if unknown:
        told += f", {unknown} not compared"
    body = [
        _text(_LEFT, 34, f"{migration}: {title}", size=20, weight="bold"),
        _text(
            _LEFT,
            58,
            f"{told}. In percent of the limit ({limit}); {_MOST}% and more are at the top",
            color=_GREY,
        ),
        *_grid(),
        *_dates(since, until),
        *_line(points, since, until),
        *(_mark(point, since, until) for point in points),
        *_legend(),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" font-family="system-ui, Helvetica, Arial, sans-serif" role="img">'
    )
    name = f"<title>{escape(f'{migration}: {title}, {told}')}</title>"
    paper = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>'
    return "\n".join((head, name, paper, *body, "</svg>", ""))


def _x(at: datetime, since: datetime, until: datetime) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * ((at - since) / (until - since))


def _y(percent: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * percent / _MOST


def _grid() -> Iterator[str]:
    for percent in range(0, _MOST + 1, 50):
        y, at_limit = _y(percent), percent == 100
        color, dash = (_RED, ' stroke-dasharray="6 4"') if at_limit else (_PALE, "")
        yield (
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="{color}"{dash}/>'
        )
        yield _text(_LEFT - 10, y + 4, f"{percent}%", anchor="end", color=_RED if at_limit else _GREY)
    yield _text(_WIDTH - _RIGHT, _y(100) - 6, "limit", anchor="end", color=_RED)


def _dates(since: datetime, until: datetime) -> Iterator[str]:
    days = max(1, (until - since).days)
    step = timedelta(days=-(-days // _DATES))
    at = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while at >= since:
        x = _x(at, since, until)
        yield f'<line x1="{x:.1f}" y1="{_y(0):.1f}" x2="{x:.1f}" y2="{_y(0) + 5:.1f}" stroke="{_GREY}"/>'
        yield _text(x, _y(0) + 38, f"{at.day} {at:%b}", anchor="middle", color=_GREY)
        at -= step


def _line(points: Sequence[CheckPoint], since: datetime, until: datetime) -> Iterator[str]:
    """The way between points; it is broken where nothing was compared."""
    way: list[str] = []
    for point in points:
        percent = percent_of_limit(point.result)
        if percent is None:
            yield from _stretch(way)
            way = []
        else:
            way.append(f"{_x(point.at, since, until):.1f},{_y(float(percent)):.1f}")
    yield from _stretch(way)


def _stretch(way: list[str]) -> Iterator[str]:
    if len(way) > 1:
        yield f'<polyline points="{" ".join(way)}" fill="none" stroke="{_BLUE}" stroke-width="2"/>'


def _mark(point: CheckPoint, since: datetime, until: datetime) -> str:
    percent = percent_of_limit(point.result)
    x = _x(point.at, since, until)
    result = point.result
    said = f"{point.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {result.status}"
    found = f"{result.difference} (limit {result.tolerance})" if result.difference else result.problem
    tip = f"<title>{escape(f'{said}, {found}' if found else said)}</title>"
    if percent is None:
        return f"<g>{tip}{_text(x, _y(0) + 20, '?', anchor='middle', weight='bold')}</g>"
    return f"<g>{tip}{_shape(x, _y(float(percent)), failed=result.status == 'failed')}</g>"


def _shape(x: float, y: float, *, failed: bool) -> str:
    if not failed:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_BLUE}"/>'
    cross = f"M{x - 5:.1f},{y - 5:.1f} l10,10 m0,-10 l-10,10"
    return f'<path d="{cross}" stroke="{_RED}" stroke-width="3" fill="none"/>'


def _legend() -> Iterator[str]:
    y = _HEIGHT - 12
    yield _shape(_LEFT + 5, y - 4, failed=False)
    yield _text(_LEFT + 16, y, "passed")
    yield _shape(_LEFT + 95, y - 4, failed=True)
    yield _text(_LEFT + 106, y, "outside the limit")
    yield _text(_LEFT + 242, y, "?", weight="bold")
    yield _text(_LEFT + 256, y, "not compared")


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 13,
    anchor: str = "start",
    color: str = _INK,
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'font-weight="{weight}" fill="{color}">{escape(text)}</text>'
    )

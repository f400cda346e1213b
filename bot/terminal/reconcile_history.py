"""`switchback reconcile MIGRATION --history CHECK`: what a check found over time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from bot.domain.check_history import CheckPoint, percent_of_limit
from bot.domain.errors import SettingsError, UnknownNameError
from bot.domain.messages.timeline import in_utc
from bot.domain.quantities import plain
from bot.system import SystemClock
from bot.terminal.ending import ended, fail, reading, say_json
from bot.terminal.history_picture import history_picture

MARKS = {"passed": "✅ passed", "failed": "❌ failed", "error": "❔ error", "unknown": "❔ unknown"}


def tell_history(migration: str, check: str, *, days: int, picture: Path | None, as_json: bool) -> None:
    """Print the history of a check, as JSON where asked for, and draw it into a file."""
    until = SystemClock().now()
    since = until - timedelta(days=days)
    points = ended(_history(migration, check, since=since), as_json=as_json)
    if picture is not None:
        try:
            picture.write_text(history_picture(migration, points, since=since, until=until), encoding="utf-8")
        except OSError as error:
            what = f"{picture} cannot be written: {error.strerror}"
            fail(SettingsError(what, do="Name another file"), as_json=as_json)
    if as_json:
        say_json(
            {
                "migration": migration,
                "check": check,
                "days": days,
                "points": [_body(point) for point in points],
            }
        )
        return
    failed = sum(point.result.status == "failed" for point in points)
    title = points[-1].result.title if points else check
    count = f"{len(points)} {'reconciliation' if len(points) == 1 else 'reconciliations'}"
    typer.echo(f"{title}: {count} in the last {days} days, {failed} outside its limit")
    for point in points:
        typer.echo(_line(point))
    if picture is not None:
        typer.echo(f"Drawn into {picture}")


async def _history(migration: str, check: str, *, since: datetime) -> tuple[CheckPoint, ...]:
    async with reading() as tx:
        known = await tx.check_history.checks(migration)
        if check not in known:
            raise UnknownNameError(f"history of {migration} for a check", check, known)
        return await tx.check_history.of_check(migration, check, since=since)


def _line(point: CheckPoint) -> str:
    result = point.result
    found = f"{result.how_far_apart()} (limit {result.tolerance})" if result.difference else result.problem
    whose = f"summary of {point.day}" if point.day else "asked for"
    return f"{in_utc(point.at)}  {MARKS[result.status]}  {found or 'no difference'}  {whose}"


def _body(point: CheckPoint) -> dict[str, object]:
    names = {"title", "status", "legacy", "new", "difference", "variance", "tolerance", "problem", "rows"}
    percent = percent_of_limit(point.result)
    return {
        "reconciliation": point.reconciliation,
        "at": point.at.astimezone(UTC).isoformat(),
        "day": point.day.isoformat() if point.day else None,
        **point.result.model_dump(mode="json", include=names),
        "percent_of_limit": None if percent is None else plain(percent),
    }

"""`switchback reconcile`: run the checks of a migration here and now."""

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal.ending import ERROR, FINDING, Json, ended, say_json
from bot.terminal.reconcile_coverage import tell_coverage
from bot.terminal.reconcile_history import tell_history
from bot.terminal.reconcile_now import Wanted, reconciled_now
from bot.terminal.reconcile_words import body, lines


def reconcile(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    checks: Annotated[
        list[str] | None, typer.Argument(metavar="[CHECK...]", help="Only these checks, by their ids.")
    ] = None,
    *,
    rows: Annotated[bool, typer.Option("--rows", help="Show the rows that differ, too.")] = False,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all rows of one check that differ into it."),
    ] = None,
    history: Annotated[
        str | None, typer.Option(metavar="CHECK", help="Compare nothing: show what this check found before.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="With --history: of so many days.")] = 30,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="With --history: draw it into this file, too.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Compare nothing: show what no check compares.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare legacy and new. Exit status 1 unless every check passed, 2 when one could not be done."""
    if history is not None and coverage:
        raise typer.BadParameter("--history and --coverage are two questions; ask one")
    if picture is not None and (history is None or picture.suffix != ".svg"):
        raise typer.BadParameter("--picture FILE.svg draws the history of a check: it takes --history CHECK")
    if history is not None:
        tell_history(migration, history, days=days, picture=picture, as_json=as_json)
        return
    if coverage:
        tell_coverage(migration, as_json=as_json)
        return
    wanted = Wanted(migration, tuple(checks or ()), rows=rows, csv=csv)
    found = ended(reconciled_now(wanted), as_json=as_json)
    if as_json:
        say_json(body(found))
    else:
        for line in lines(found):
            typer.echo(line)
    if found.reconciled.errors:
        raise typer.Exit(ERROR)
    if not found.reconciled.clean:
        raise typer.Exit(FINDING)

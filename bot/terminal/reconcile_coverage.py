"""`switchback reconcile MIGRATION --coverage`: what no check compares."""

from dataclasses import asdict

import typer

from bot.ports.coverage import Coverage
from bot.terminal.ending import ERROR, FINDING, ended, joined, say_json


def tell_coverage(migration: str, *, as_json: bool) -> None:
    """Print it. Exit status 1 when something is compared by no check, 2 when a side could not be read."""
    coverage = ended(_read(migration), as_json=as_json)
    columns = sum(len(one.columns) for one in coverage.uncompared)
    whole = sum(one.whole for one in coverage.uncompared)
    if as_json:
        uncompared = [{**asdict(one), "columns": list(one.columns)} for one in coverage.uncompared]
        say_json(
            {
                "migration": migration,
                "tables": coverage.tables,
                "columns": coverage.columns,
                "uncompared_tables": whole,
                "uncompared_columns": columns,
                "uncompared": uncompared,
                "problems": list(coverage.problems),
            }
        )
    else:
        said = f"{whole} of {coverage.tables} tables and {columns} of {coverage.columns} columns"
        mark = "❔" if coverage.problems else "❌" if coverage.uncompared else "✅"
        typer.echo(f"{mark} {migration}: {said} are compared by no check")
        for one in coverage.uncompared:
            typer.echo(f"     {one.side} {one.table}" + ("" if one.whole else f": {', '.join(one.columns)}"))
        for problem in coverage.problems:
            typer.echo(f"❔ {problem}")
    if coverage.problems:
        raise typer.Exit(ERROR)
    if coverage.uncompared:
        raise typer.Exit(FINDING)


async def _read(migration: str) -> Coverage:
    async with joined() as switchback:
        return await switchback.coverage.read(switchback.services.catalog.get(migration))

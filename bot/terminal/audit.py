"""`switchback audit`: the log of every decision and change."""

import typer

from bot.terminal.ending import FINDING, Json, ended, reading, say_json

app = typer.Typer(help="The log of every decision and change.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The log of every decision and change."""


@app.command("verify")
def verify(as_json: Json = False) -> None:
    """Check the hash chain. Exit status 1 when an entry was changed, is missing, or was added."""
    count, problems = ended(_verify(), as_json=as_json)
    if as_json:
        say_json({"entries": count, "problems": list(problems), "whole": not problems})
    elif problems:
        typer.echo(f"❌ the audit log is not whole: {len(problems)} problems in {count} entries")
        for problem in problems[:20]:
            typer.echo(f"   {problem}")
    else:
        typer.echo(f"✅ the audit log is whole: {count} entries")
    if problems:
        raise typer.Exit(FINDING)


async def _verify() -> tuple[int, list[str]]:
    async with reading() as tx:
        return await tx.journal.problems()

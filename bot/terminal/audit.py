"""`switchback audit`: the log of every decision and change."""

from typing import Annotated

import typer

from bot.domain.audit import Anchored, lost_anchors
from bot.terminal.ending import FINDING, Json, ended, reading, say_json

app = typer.Typer(help="The log of every decision and change.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The log of every decision and change."""


def _anchored(text: str) -> Anchored:
    try:
        return Anchored.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@app.command("verify")
def verify(
    anchors: Annotated[
        list[Anchored] | None,
        typer.Option(
            "--anchor",
            parser=_anchored,
            metavar="NUMBER:DIGEST",
            help="An entry as it was posted in Slack that day; may be given several times.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the hash chain, and that it goes through every day's last entry as that was kept, and through
    those given. Exit status 1 when an entry was changed, is missing, or was added."""
    count, kept, problems = ended(_verify(tuple(anchors or ())), as_json=as_json)
    if as_json:
        told = {"entries": count, "anchors": kept, "problems": list(problems), "whole": not problems}
        say_json(told)
    elif problems:
        typer.echo(f"❌ the audit log is not whole: {len(problems)} problems in {count} entries")
        for problem in problems[:20]:
            typer.echo(f"   {problem}")
    else:
        through = f", through {kept} kept {'anchor' if kept == 1 else 'anchors'}" if kept else ""
        given = f", and through the {len(anchors)} given" if anchors else ""
        typer.echo(f"✅ the audit log is whole: {count} entries{through}{given}")
    if problems:
        raise typer.Exit(FINDING)


async def _verify(given: tuple[Anchored, ...]) -> tuple[int, int, list[str]]:
    async with reading() as tx:
        chain, problems = await tx.journal.chain()
        kept = await tx.audit_anchors.all()
    anchors = [anchor.anchored for anchor in kept] + list(given)
    digests = {entry.number: digest for entry, digest in chain}
    return len(chain), len(kept), [*problems, *lost_anchors(digests, anchors)]

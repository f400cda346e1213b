"""`switchback rehearsals`: the records of rehearsals."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.domain.messages.timeline import in_utc
from bot.domain.quantities import clock
from bot.domain.rehearsal import Rehearsed
from bot.domain.rehearsal_evidence import RehearsalEvidence, evidence
from bot.system import SystemClock
from bot.terminal.ending import FINDING, Json, ended, reading, say_json

app = typer.Typer(help="Rehearsals of rollbacks.", no_args_is_help=False, invoke_without_command=True)


@app.callback()
def listing(
    context: typer.Context,
    migration: Annotated[str | None, typer.Option(help="Only of this migration.")] = None,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List the latest rehearsals, newest first."""
    if context.invoked_subcommand is not None:
        return
    found, now = ended(_latest(migration, count), as_json=as_json), SystemClock().now()
    if as_json:
        say_json([as_body(one, now) for one in found])
    elif not found:
        typer.echo(f"No rollback{f' of {migration}' if migration else ''} has been rehearsed yet.")
    for one in found if not as_json else ():
        typer.echo(_line(one, now))


@app.command("show")
def show(
    rehearsal_id: Annotated[str, typer.Argument(help="The rehearsal's id.")], as_json: Json = False
) -> None:
    """One rehearsal with all that is kept of it. Exit status 1 when it is over and no evidence."""
    found, now = ended(_get(rehearsal_id), as_json=as_json), SystemClock().now()
    if as_json:
        say_json(as_body(found, now))
    else:
        tell_record(found, now)
    if found.over and not evidence(found, now=now).holds:
        raise typer.Exit(FINDING)


def as_body(one: Rehearsed, now: datetime) -> dict[str, object]:
    """A record for a script."""
    found = evidence(one, now=now)
    kept = one.model_dump(mode="json", exclude={"version", "incident", "back", "forward", "compared"})
    said = {
        "holds": found.holds,
        "passed": found.passed,
        "within": found.within,
        "data_preserved": found.data_preserved,
        "seconds": found.seconds,
        "missing_signatures": list(found.missing),
        "reasons": list(found.reasons),
    }
    return {**kept, "started_by": one.started_by.name, "evidence": said}


def tell_record(one: Rehearsed, now: datetime) -> None:
    """Print a record."""
    found = evidence(one, now=now)
    typer.echo(_line(one, now))
    for reason in found.reasons if one.over else ():
        typer.echo(f"  ❌ {reason}")
    if found.data_preserved:
        typer.echo(f"  ✅ nothing lost, {len(one.before)} tables compared")
    for run in one.runs:
        typer.echo(f"  {run.status}  plan {run.plan_id} in {clock(timedelta(seconds=run.seconds))}")
        for step in run.steps:
            typer.echo(f"    {step.status:9} {step.title} · {step.seconds:g} s {step.summary}")
    for issue in one.issues:
        typer.echo(f"  noted by {issue.by.name}: {issue.text}")
    for signature in one.signed:
        comment = f": {signature.comment}" if signature.comment else ""
        typer.echo(f"  signed as {signature.role} by {signature.by.name} {in_utc(signature.at)}{comment}")
    if one.over and found.missing:
        typer.echo(f"  ⏳ not signed yet: {', '.join(found.missing)}; signatures are given in Slack")


def _line(one: Rehearsed, now: datetime) -> str:
    found = evidence(one, now=now)
    spent = "" if found.seconds is None else f"{clock(timedelta(seconds=found.seconds))} of "
    took = f"{spent}{clock(timedelta(seconds=one.within_seconds))}"
    when = in_utc(one.started_at)
    state = _state(one, found)
    return f"{one.id}  {one.migration}  {one.plan_id} in {one.environment}  {state}  {took}  {when}"


def _state(one: Rehearsed, found: RehearsalEvidence) -> str:
    if not one.over:
        return "⏳ going on"
    return "✅ evidence" if found.holds else "❌ no evidence"


async def _latest(migration: str | None, count: int) -> tuple[Rehearsed, ...]:
    async with reading() as tx:
        return await tx.rehearsals.latest(migration=migration, count=count)


async def _get(rehearsal_id: str) -> Rehearsed:
    async with reading() as tx:
        return await tx.rehearsals.get(rehearsal_id)

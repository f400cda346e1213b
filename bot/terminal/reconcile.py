"""`switchback reconcile`: run the checks of a migration here and now."""

from typing import Annotated

import typer

from bot.domain.check_result import CheckResult
from bot.domain.messages.reconciliation import verdict_line
from bot.store.reconciliations import Reconciliation
from bot.terminal.account import account
from bot.terminal.ending import ERROR, FINDING, Json, ended, joined, say_json

_MARKS = {"passed": "✅ passed", "failed": "❌ failed", "error": "❔ error"}


def reconcile(
    migration: Annotated[str, typer.Argument(help="The migration.")], as_json: Json = False
) -> None:
    """Compare legacy and new. Exit status 1 for a discrepancy, 2 when a check could not be done."""
    done = ended(_run(migration), as_json=as_json)
    reconciled = done.reconciled
    if reconciled is None:
        raise typer.Exit(ERROR)
    if as_json:
        took = (done.ended_at - done.started_at).total_seconds() if done.ended_at else None
        say_json(
            {
                "migration": migration,
                "id": done.id,
                "clean": reconciled.clean,
                "failed": reconciled.failed,
                "errors": reconciled.errors,
                "seconds": took,
                "checks": [result.model_dump(mode="json") for result in reconciled.results],
            }
        )
    else:
        typer.echo(verdict_line(migration, reconciled))
        shared = reconciled.shared_problem
        if shared:
            typer.echo(f"{_MARKS['error']}  The same in {reconciled.errors} checks: {shared}")
        for result in reconciled.results:
            _tell(result, problem="" if shared else result.problem)
    if reconciled.errors:
        raise typer.Exit(ERROR)
    if reconciled.failed:
        raise typer.Exit(FINDING)


async def _run(migration: str) -> Reconciliation:
    async with joined() as switchback:
        actor = account(switchback.services.catalog, migration)
        return await switchback.services.reconciliation.run_now(migration, actor=actor)


def _tell(result: CheckResult, *, problem: str) -> None:
    typer.echo(f"{_MARKS[result.status]}  {result.title}")
    if result.status == "error":
        if problem:
            typer.echo(f"     {problem}")
        return
    sides = f"legacy {result.legacy}, new {result.new}"
    typer.echo(f"     {sides}: {result.how_far_apart()} (limit {result.tolerance})")
    if result.groups:
        typer.echo(f"     {result.named_groups()}")
    if result.status == "failed":
        typer.echo(f"     {result.on_fail} · owner {result.owner}")

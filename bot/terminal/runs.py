"""`switchback runs`: the rollbacks that ran and run."""

from typing import Annotated

import typer

from bot.app import load_catalog
from bot.domain.errors import PlaybookError, SettingsError
from bot.domain.quantities import clock
from bot.domain.run import Run
from bot.engine.registry import ActionRegistry
from bot.settings import Settings
from bot.system import SystemClock
from bot.terminal.ending import Json, ended, reading, say_json
from bot.terminal.which_run import RunName, find_run

app = typer.Typer(help="Rollbacks that ran and run.", no_args_is_help=False, invoke_without_command=True)


@app.callback()
def listing(
    context: typer.Context,
    migration: Annotated[str | None, typer.Option(help="Only of this migration.")] = None,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List the latest runs, newest first."""
    if context.invoked_subcommand is not None:
        return
    found = ended(_latest(migration, count), as_json=as_json)
    if as_json:
        say_json([run_body(run) for run in found])
    elif not found:
        typer.echo(f"No rollback{f' of {migration}' if migration else ''} has run yet.")
    for run in found if not as_json else ():
        typer.echo(run_line(run))


@app.command("show")
def show(run_name: RunName, as_json: Json = False) -> None:
    """One run with all its steps."""
    run = ended(_get(run_name), as_json=as_json)
    if as_json:
        say_json({**run_body(run), "steps": [state.model_dump(mode="json") for state in run.steps]})
        return
    typer.echo(run_line(run))
    now = SystemClock().now()
    for state in run.steps:
        step = run.step(state.step)
        who = f" by {state.decided_by.name}" if state.decided_by else ""
        took = f"{clock(state.elapsed(now))} of {clock(step.budget)}"
        typer.echo(f"  {state.status:8} {step.title} · {took}{who} {state.summary}")


async def _latest(migration: str | None, count: int) -> tuple[Run, ...]:
    async with reading() as tx:
        found = await tx.runs.latest(migration=migration, count=count)
    if migration is not None and not found:
        _require_known(migration)
    return found


def _require_known(migration: str) -> None:
    """Raises UnknownNameError for a migration that no playbook describes, if there are playbooks."""
    try:
        catalog = load_catalog(Settings.load(), ActionRegistry.installed())
    except (PlaybookError, SettingsError):
        # What was recorded is read without playbooks, too; then a name that is new cannot be judged.
        return
    catalog.get(migration)


async def _get(run_name: str) -> Run:
    async with reading() as tx:
        return await find_run(tx, run_name)


def run_line(run: Run) -> str:
    """The run in one line."""
    took = f"{clock(run.elapsed(SystemClock().now()))} of {clock(run.plan.budget)}"
    steps = run.progress()
    where = f" (rehearsal in {run.environment})" if run.rehearsal else ""
    who = run.confirmed_by.name
    return f"{run.id}  {run.migration}{where}  {run.plan_id}  {run.status}  {took}  {steps}  {who}"


def run_body(run: Run) -> dict[str, object]:
    """The run as JSON."""
    kept = {"id", "migration", "environment", "plan_id", "status", "confirmed_at", "ended_at", "end_reason"}
    kept |= {"inputs", "rehearsal"}
    body = run.model_dump(mode="json", include=kept)
    return {
        **body,
        "confirmed_by": run.confirmed_by.name,
        "approved_by": [actor.name for actor in run.approved_by],
        "broke_glass": run.broke_glass,
        "seconds": run.elapsed(run.ended_at or SystemClock().now()).total_seconds(),
        "budget_seconds": run.plan.budget.total_seconds(),
        "settled": run.settled,
        "total": len(run.steps),
    }

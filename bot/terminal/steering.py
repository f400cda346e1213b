"""`switchback runs pause`, `retry` and the others that steer a run, by the services of Slack's buttons."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.domain.errors import UnknownNameError
from bot.domain.moves import can_go_on
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.step_decision import StepDecision
from bot.services.steering import SteeringService
from bot.terminal.account import account
from bot.terminal.beats import somebody_beats
from bot.terminal.ending import Json, ended, say_json, steering
from bot.terminal.runs import run_body, run_line
from bot.terminal.watching import NOBODY
from bot.terminal.which_run import RunName, find_run

Steer = Callable[[SteeringService, Run, Actor], Awaitable[Run]]
StepId = Annotated[str, typer.Argument(metavar="STEP", help="The step's id.")]
Attempt = Annotated[
    int | None,
    typer.Option(min=0, help="Only if this attempt is still the present one; without it whichever is."),
]
Reason = Annotated[str, typer.Option(help="Why; it is written into the timeline.")]


def pause(run_name: RunName, as_json: Json = False) -> None:
    """Begin no new step; what acts is brought to its end."""
    _steer(run_name, lambda service, run, actor: service.pause(run.id, actor=actor), as_json=as_json)


def resume(run_name: RunName, as_json: Json = False) -> None:
    """Let a paused run go on."""
    _steer(run_name, lambda service, run, actor: service.resume(run.id, actor=actor), as_json=as_json)


def abort(run_name: RunName, reason: Reason, as_json: Json = False) -> None:
    """End a run: what acts is stopped first, and nothing is undone."""
    _steer(
        run_name,
        lambda service, run, actor: service.abort(run.id, reason=reason, actor=actor),
        as_json=as_json,
    )


def note(
    run_name: RunName, text: Annotated[str, typer.Argument(help="The text.")], as_json: Json = False
) -> None:
    """Write a line into the timeline."""

    async def noted(service: SteeringService, run: Run, actor: Actor) -> Run:
        await service.note(run.id, text=text, actor=actor)
        return run

    _steer(run_name, noted, as_json=as_json)


def done(
    run_name: RunName, step: StepId, attempt: Attempt = None, reason: Reason = "", as_json: Json = False
) -> None:
    """Say that a manual step was done by hand."""
    _decide("manual-done", run_name, step, attempt, reason, as_json=as_json)


def retry(
    run_name: RunName, step: StepId, attempt: Attempt = None, reason: Reason = "", as_json: Json = False
) -> None:
    """Run a step again that failed, or that may not have been done."""
    _decide("retry", run_name, step, attempt, reason, as_json=as_json)


def skip(
    run_name: RunName, step: StepId, reason: Reason, attempt: Attempt = None, as_json: Json = False
) -> None:
    """Go past a step without doing it."""
    _decide("skip", run_name, step, attempt, reason, as_json=as_json)


def mark_done(
    run_name: RunName, step: StepId, reason: Reason, attempt: Attempt = None, as_json: Json = False
) -> None:
    """Say that a step was done which failed, or of which it is not known."""
    _decide("mark-done", run_name, step, attempt, reason, as_json=as_json)


def _decide(
    decision: StepDecision,
    run_name: str,
    step: str,
    attempt: int | None,
    reason: str,
    *,
    as_json: bool,
) -> None:
    async def decided(service: SteeringService, run: Run, actor: Actor) -> Run:
        if step not in {state.step for state in run.steps}:
            raise UnknownNameError("step", step, [state.step for state in run.steps])
        shown = run.state(step).attempt if attempt is None else attempt
        return await service.decide(
            run.id, step=step, attempt=shown, decision=decision, reason=reason, actor=actor
        )

    _steer(run_name, decided, as_json=as_json)


def _steer(run_name: str, steer: Steer, *, as_json: bool) -> None:
    run, driven = ended(_steered(run_name, steer), as_json=as_json)
    if as_json:
        say_json({**run_body(run), "driven": driven})
        return
    typer.echo(run_line(run))
    if driven is False:
        typer.echo(NOBODY.format(run=run.id))


async def _steered(run_name: str, steer: Steer) -> tuple[Run, bool | None]:
    """The run afterwards, and whether somebody goes on with it; None when there is nothing to go on with."""
    async with steering() as switchback:
        async with switchback.store.reading() as tx:
            run = await find_run(tx, run_name)
        actor = account(switchback.services.catalog, run.migration)
        after = await steer(switchback.services.steering, run, actor)
        if not can_go_on(after, switchback.clock.now()):
            return after, None
        return after, await somebody_beats(store=switchback.store, clock=switchback.clock)

"""`switchback runs emergency`, `undo` and `back`: other ways on from a run, shown step by step beforehand."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.domain.errors import RefusedError
from bot.domain.person import Actor
from bot.domain.quantities import format_duration
from bot.domain.run import Run
from bot.services.replacements import GivenWayBack, ReplacementService, WayOn
from bot.terminal.account import account
from bot.terminal.ending import Json, ended, say_json, speaking, steering
from bot.terminal.keyboard import keyboard_of
from bot.terminal.plan import effect_lines
from bot.terminal.runs import run_body, run_line
from bot.terminal.steering import Reason
from bot.terminal.which_run import RunName, find_run

Yes = Annotated[bool, typer.Option("--yes", help="Take it without being asked, as it is shown.")]


Look = Callable[[ReplacementService, str, Actor], Awaitable[WayOn]]
Take = Callable[[ReplacementService, WayOn, Actor], Awaitable[Run]]


def emergency(run_name: RunName, reason: Reason, yes: Yes = False, as_json: Json = False) -> None:
    """Go on with the playbook's emergency plan in place of a run."""
    _take(
        run_name,
        lambda services, run, actor: services.emergency(run, actor=actor),
        lambda services, way, actor: services.take_emergency(
            way.run.id, digest=way.digest(), reason=reason, actor=actor
        ),
        yes=yes,
        as_json=as_json,
    )


def undo(run_name: RunName, yes: Yes = False, as_json: Json = False) -> None:
    """Take back what an aborted run did, the last step first."""
    _take(
        run_name,
        lambda services, run, actor: services.undo(run, actor=actor),
        lambda services, way, actor: services.take_undo(way.run.id, digest=way.digest(), actor=actor),
        yes=yes,
        as_json=as_json,
    )


def back(
    run_name: RunName,
    confirm: Annotated[str, typer.Option(metavar="MIGRATION", help="The migration's name, typed.")],
    reason: Annotated[str, typer.Option(help="Why; beyond the point of no return it takes one.")] = "",
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Stop a running cutover at a step boundary, and go back to legacy."""
    _take(
        run_name,
        lambda services, run, actor: services.back(run, actor=actor),
        lambda services, way, actor: services.take_back(
            GivenWayBack(
                run=way.run.id,
                digest=way.digest(),
                typed=confirm,
                beyond=way.run.past_no_return,
                reason=reason,
            ),
            actor=actor,
        ),
        yes=yes,
        as_json=as_json,
    )


def _take(run_name: str, look: Look, take: Take, *, yes: bool, as_json: bool) -> None:
    _tell(ended(_taken(run_name, look, take, yes=yes, as_json=as_json), as_json=as_json), as_json)


async def _taken(run_name: str, look: Look, take: Take, *, yes: bool, as_json: bool) -> Run:
    async with steering() as switchback:
        async with switchback.store.reading() as tx:
            run = await find_run(tx, run_name)
        services = switchback.services.replacements
        actor = account(switchback.services.catalog, run.migration)
        way = await look(services, run.id, actor)
        say = speaking(as_json=as_json)
        for line in _lines(way):
            say(line)
        if not yes and not await _agreed(way, as_json=as_json):
            raise RefusedError("Nothing was done", do="Repeat it with --yes to take it as it is shown")
        return await take(services, way, actor)


async def _agreed(way: WayOn, *, as_json: bool) -> bool:
    keyboard = keyboard_of(as_json=as_json)
    if keyboard is None:
        return False
    return (await keyboard.ask(f"Start these {len(way.plan.steps)} steps now? y/N:")).lower() == "y"


def _lines(way: WayOn) -> list[str]:
    plan = way.plan
    head = f"{plan.title}, for {way.run.migration} in {way.run.environment}: {len(plan.steps)} steps"
    lines = [f"{head}, budget {format_duration(plan.budget)}. What was done until now stays done."]
    if way.run.past_no_return:
        lines.append(f"⚠️ The point of no return, “{way.run.step(way.run.no_return).title}”, is past.")
    for number, (step, seen) in enumerate(zip(plan.steps, way.previews, strict=True), 1):
        lines += effect_lines(f"{number}. {step.title}", step, seen)
    return lines


def _tell(run: Run, as_json: bool) -> None:
    if as_json:
        say_json(run_body(run))
    else:
        typer.echo(run_line(run))
        typer.echo(f"Follow it: switchback runs watch {run.id}")

"""`switchback runs emergency` and `undo`: another way on from a run, shown step by step beforehand."""

from typing import Annotated

import typer

from bot.domain.errors import RefusedError
from bot.domain.quantities import format_duration
from bot.domain.run import Run
from bot.services.replacements import WayOn
from bot.terminal.account import account
from bot.terminal.ending import Json, ended, say_json, speaking, steering
from bot.terminal.keyboard import keyboard_of
from bot.terminal.plan import effect_lines
from bot.terminal.runs import run_body, run_line
from bot.terminal.steering import Reason
from bot.terminal.which_run import RunName, find_run

Yes = Annotated[bool, typer.Option("--yes", help="Take it without being asked, as it is shown.")]


def emergency(run_name: RunName, reason: Reason, yes: Yes = False, as_json: Json = False) -> None:
    """Go on with the playbook's emergency plan in place of a run."""
    _tell(
        ended(_taken(run_name, reason=reason, undo=False, yes=yes, as_json=as_json), as_json=as_json), as_json
    )


def undo(run_name: RunName, yes: Yes = False, as_json: Json = False) -> None:
    """Take back what an aborted run did, the last step first."""
    _tell(ended(_taken(run_name, reason="", undo=True, yes=yes, as_json=as_json), as_json=as_json), as_json)


async def _taken(run_name: str, *, reason: str, undo: bool, yes: bool, as_json: bool) -> Run:
    async with steering() as switchback:
        async with switchback.store.reading() as tx:
            run = await find_run(tx, run_name)
        services = switchback.services.replacements
        actor = account(switchback.services.catalog, run.migration)
        look = services.undo if undo else services.emergency
        way = await look(run.id, actor=actor)
        say = speaking(as_json=as_json)
        for line in _lines(way):
            say(line)
        if not yes and not await _agreed(way, as_json=as_json):
            raise RefusedError("Nothing was done", do="Repeat it with --yes to take it as it is shown")
        if undo:
            return await services.take_undo(run.id, digest=way.digest(), actor=actor)
        return await services.take_emergency(run.id, digest=way.digest(), reason=reason, actor=actor)


async def _agreed(way: WayOn, *, as_json: bool) -> bool:
    keyboard = keyboard_of(as_json=as_json)
    if keyboard is None:
        return False
    return (await keyboard.ask(f"Start these {len(way.plan.steps)} steps now? y/N:")).lower() == "y"


def _lines(way: WayOn) -> list[str]:
    plan = way.plan
    head = f"{plan.title}, for {way.run.migration} in {way.run.environment}: {len(plan.steps)} steps"
    lines = [f"{head}, budget {format_duration(plan.budget)}. What was done until now stays done."]
    for number, (step, seen) in enumerate(zip(plan.steps, way.previews, strict=True), 1):
        lines += effect_lines(f"{number}. {step.title}", step, seen)
    return lines


def _tell(run: Run, as_json: bool) -> None:
    if as_json:
        say_json(run_body(run))
    else:
        typer.echo(run_line(run))
        typer.echo(f"Follow it: switchback runs watch {run.id}")

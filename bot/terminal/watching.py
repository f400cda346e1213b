"""`switchback runs watch`: follows a run until it rests or ends."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.app import Switchback
from bot.domain.run import Run
from bot.engine.replicas import SILENT_SECONDS
from bot.terminal.beats import POLL_SECONDS, Beats
from bot.terminal.driving import Driver
from bot.terminal.ending import FINDING, Json, ended, say_json, speaking, steering
from bot.terminal.following import Following, at_rest
from bot.terminal.keyboard import Keyboard, keyboard_of
from bot.terminal.questions import how_to_answer
from bot.terminal.runs import run_body
from bot.terminal.which_run import RunName, find_run

Drive = Annotated[bool, typer.Option("--drive", help="Drive it in this process, when no bot does.")]

NOBODY = (
    "No bot is running, so nothing drives it. "
    "Start one, or drive it from here: switchback runs watch {run} --drive"
)


def watch(run_name: RunName, drive: Drive = False, as_json: Json = False) -> None:
    """Follow a run until it ends or waits for somebody. Exit status 0 when it is done, else 1."""
    run = ended(_watch(run_name, drive=drive, as_json=as_json), as_json=as_json)
    if as_json:
        say_json({**run_body(run), "steps": [state.model_dump(mode="json") for state in run.steps]})
    if run.status != "done":
        raise typer.Exit(FINDING)


async def _watch(run_name: str, *, drive: bool, as_json: bool) -> Run:
    async with steering() as switchback:
        async with switchback.store.reading() as tx:
            run = await find_run(tx, run_name)
        keyboard = keyboard_of(as_json=as_json) if drive else None
        say = speaking(as_json=as_json)
        return await follow(switchback, run.id, drive=drive, say=say, keyboard=keyboard)


async def follow(
    switchback: Switchback, run_id: str, *, drive: bool, say: Callable[[str], None], keyboard: Keyboard | None
) -> Run:
    """Follow a run, and drive it where that is wanted, until it rests; what it waits for is said."""
    following = Following(run_id, store=switchback.store, clock=switchback.clock, say=say)
    if drive:
        run = await Driver(switchback, following, say=say, keyboard=keyboard).until_rest()
    else:
        run = await _until_rest(switchback, following, say)
    for line in how_to_answer(run, switchback.clock.now()):
        say(line)
    return run


async def _until_rest(switchback: Switchback, following: Following, say: Callable[[str], None]) -> Run:
    clock = switchback.clock
    beats, driven = Beats(store=switchback.store, clock=clock), clock.monotonic()
    while True:
        run = await following.look()
        if at_rest(run, clock.now()):
            return run
        await beats.look()
        if beats.alive():
            driven = clock.monotonic()
        elif clock.monotonic() - driven > SILENT_SECONDS:
            say(NOBODY.format(run=run.id))
            return run
        await clock.sleep(POLL_SECONDS)

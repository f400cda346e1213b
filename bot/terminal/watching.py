"""`switchback runs watch`: follows a run until it rests or ends."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer

from bot.app import Switchback, records
from bot.domain.run import Run
from bot.engine.replicas import SILENT_SECONDS
from bot.ports.clock import Clock
from bot.settings import Settings
from bot.store.store import Store
from bot.system import SystemClock
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
    say = speaking(as_json=as_json)
    if drive:
        async with steering() as switchback:
            run = await _found(switchback.store, run_name)
            return await driven(switchback, run.id, say=say, keyboard=keyboard_of(as_json=as_json))
    async with records(Settings.load()) as kept:
        run = await _found(kept.store, run_name)
        return await _followed(run.id, store=kept.store, clock=SystemClock(), say=say)


async def _found(store: Store, run_name: str) -> Run:
    async with store.reading() as tx:
        return await find_run(tx, run_name)


async def driven(
    switchback: Switchback, run_id: str, *, say: Callable[[str], None], keyboard: Keyboard | None
) -> Run:
    """Drive a run in this process until it rests, and say each change and what it waits for."""
    following = Following(run_id, store=switchback.store, clock=switchback.clock, say=say)
    run = await Driver(switchback, following, say=say, keyboard=keyboard).until_rest()
    _say_how_to_answer(run, switchback.clock.now(), say)
    return run


async def _followed(run_id: str, *, store: Store, clock: Clock, say: Callable[[str], None]) -> Run:
    following = Following(run_id, store=store, clock=clock, say=say)
    beats, beaten = Beats(store=store, clock=clock), clock.monotonic()
    while True:
        run = await following.look()
        if at_rest(run, clock.now()):
            _say_how_to_answer(run, clock.now(), say)
            return run
        await beats.look()
        if beats.alive():
            beaten = clock.monotonic()
        elif clock.monotonic() - beaten > SILENT_SECONDS:
            say(NOBODY.format(run=run.id))
            return run
        await clock.sleep(POLL_SECONDS)


def _say_how_to_answer(run: Run, now: datetime, say: Callable[[str], None]) -> None:
    for line in how_to_answer(run, now):
        say(line)

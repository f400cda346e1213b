"""How every command ends: its text or JSON, and its exit status."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, NoReturn, TypeVar

import structlog
import typer

from bot.app import Switchback, records, switchback
from bot.domain.errors import (
    NotAllowedError,
    PlaybookError,
    RefusedError,
    SupersededError,
    SwitchbackError,
)
from bot.settings import Settings
from bot.store.store import Transaction
from bot.system import SortableIds
from bot.terminal.beats import TERMINAL_REPLICA

FINE, FINDING, ERROR = 0, 1, 2
# What was asked for is not possible as things stand: nothing is broken, and the text says why.
REFUSALS = (NotAllowedError, RefusedError, SupersededError)
# What loads playbooks, beside replicas of the bot.
THE_TERMINAL = "the terminal"
T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a script.")]


def ended(work: Coroutine[None, None, T], *, as_json: bool = False) -> T:
    """Run a command's work. An error of ours is told in one place: with status 1 a refusal, else with 2."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    try:
        return asyncio.run(work)
    except SwitchbackError as error:
        fail(error, as_json=as_json)
    except KeyboardInterrupt:
        # Typer would say “Aborted!”, which of a rollback means something else.
        typer.echo("\nswitchback: left by Ctrl-C; nothing was aborted by that", err=True)
        raise typer.Exit(FINDING) from None


def fail(error: SwitchbackError, *, as_json: bool) -> NoReturn:
    """Tell an error on standard error, as JSON on standard output where that was asked for."""
    if as_json:
        findings = [vars(finding) for finding in error.findings] if isinstance(error, PlaybookError) else []
        told = {"error": error.what, "where": error.where, "do": error.do, "findings": findings}
        say_json(told)
    else:
        typer.echo(f"switchback: {error}", err=True)
    raise typer.Exit(FINDING if isinstance(error, REFUSALS) else ERROR)


def speaking(*, as_json: bool) -> Callable[[str], None]:
    """What says a line. With --json there is one object on standard output and nothing else."""
    return (lambda _line: None) if as_json else typer.echo


def say_json(value: object) -> None:
    """Print something made of JSON's own types."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


@asynccontextmanager
async def joined() -> AsyncIterator[Switchback]:
    """Everything joined by the settings of this process's environment, nothing started.

    A playbook that was changed is noted: what it says counts from here on.
    """
    async with switchback(Settings.load()) as everything:
        await everything.services.playbook_trace.begin(by=THE_TERMINAL)
        yield everything


@asynccontextmanager
async def steering() -> AsyncIterator[Switchback]:
    """The same, ready to write durable jobs and to drive runs, under a replica's name of its own."""
    settings = Settings.load().model_copy(
        update={"replica": f"{TERMINAL_REPLICA}{SortableIds().new().lower()}"}
    )
    async with switchback(settings) as everything:
        await everything.durable.prepare()
        await everything.services.playbook_trace.begin(by=THE_TERMINAL)
        yield everything


@asynccontextmanager
async def reading() -> AsyncIterator[Transaction]:
    """The database alone, to read from it: what was recorded can be looked at without any playbook."""
    async with records(Settings.load()) as kept, kept.store.reading() as tx:
        yield tx

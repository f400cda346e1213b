"""How every command ends: its text or JSON, and its exit status."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, NoReturn, TypeVar

import structlog
import typer

from bot.app import Switchback, records, switchback
from bot.domain.errors import PlaybookError, SwitchbackError
from bot.settings import Settings
from bot.store.store import Transaction

FINE, FINDING, ERROR = 0, 1, 2
T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a script.")]


def ended(work: Coroutine[None, None, T], *, as_json: bool = False) -> T:
    """Run a command's work. An error of ours is told in one place, and ends with status 2."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    try:
        return asyncio.run(work)
    except SwitchbackError as error:
        fail(error, as_json=as_json)


def fail(error: SwitchbackError, *, as_json: bool) -> NoReturn:
    """Tell an error on standard error, as JSON on standard output where that was asked for."""
    if as_json:
        findings = [vars(finding) for finding in error.findings] if isinstance(error, PlaybookError) else []
        told = {"error": error.what, "where": error.where, "do": error.do, "findings": findings}
        say_json(told)
    else:
        typer.echo(f"switchback: {error}", err=True)
    raise typer.Exit(ERROR)


def say_json(value: object) -> None:
    """Print something made of JSON's own types."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


@asynccontextmanager
async def joined() -> AsyncIterator[Switchback]:
    """Everything joined by the settings of this process's environment, nothing started."""
    async with switchback(Settings.load()) as everything:
        yield everything


@asynccontextmanager
async def reading() -> AsyncIterator[Transaction]:
    """The database alone, to read from it: what was recorded can be looked at without any playbook."""
    async with records(Settings.load()) as kept, kept.store.reading() as tx:
        yield tx

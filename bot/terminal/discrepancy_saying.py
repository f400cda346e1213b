"""`switchback discrepancies explain`, `accept`, `assign`, `comment` and `reopen`."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Literal

import typer

from bot.domain.discrepancy import Discrepancy
from bot.domain.person import Actor
from bot.services.discrepancies import DiscrepancyService
from bot.services.meant_discrepancies import One
from bot.store.discrepancies import Note
from bot.terminal.account import account
from bot.terminal.discrepancies import DiscrepancyId, find_id, line
from bot.terminal.discrepancy_export import body
from bot.terminal.ending import Json, ended, joined, say_json

Category = Literal["improvement", "bug", "breaking_change", "data_mapping", "timing"]
CategoryOption = Annotated[Category, typer.Option(help="What it is.")]
Version = Annotated[int | None, typer.Option(help="Only if it is still in this version.")]
Doing = Callable[[DiscrepancyService, One, Actor], Awaitable[object]]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” is no date such as 2026-12-24") from None


def explain(
    name: DiscrepancyId,
    text: Annotated[str, typer.Argument(help="Why it is there.")],
    *,
    category: CategoryOption,
    version: Version = None,
    as_json: Json = False,
) -> None:
    """Say why one is there. It stays visible."""
    _do(
        name,
        version,
        lambda service, one, actor: service.explain(one, category=category, text=text, actor=actor),
        as_json=as_json,
    )


def accept(
    name: DiscrepancyId,
    text: Annotated[str, typer.Argument(help="Why it may be there.")],
    *,
    until: Annotated[
        date, typer.Option(parser=_day, metavar="DATE", help="The last day, such as 2026-12-24.")
    ],
    category: Annotated[Category | None, typer.Option(help="What it is.")] = None,
    version: Version = None,
    as_json: Json = False,
) -> None:
    """Accept one to the end of a day; then it is open again."""
    _do(
        name,
        version,
        lambda service, one, actor: service.accept(
            one, until=until, text=text, category=category, actor=actor
        ),
        as_json=as_json,
    )


def assign(
    name: DiscrepancyId,
    to: Annotated[str, typer.Argument(help="A role of the playbook, a Slack user id, or “me”.")],
    *,
    version: Version = None,
    as_json: Json = False,
) -> None:
    """Give one to somebody, who is told."""
    _do(name, version, lambda service, one, actor: service.assign(one, to=to, actor=actor), as_json=as_json)


def comment(
    name: DiscrepancyId,
    text: Annotated[str, typer.Argument(help="What is to be said.")],
    *,
    as_json: Json = False,
) -> None:
    """Add a line to the history of one."""
    _do(
        name,
        None,
        lambda service, one, actor: service.comment(one.id, text=text, actor=actor),
        as_json=as_json,
    )


def reopen(
    name: DiscrepancyId,
    text: Annotated[str, typer.Argument(help="Why.")],
    *,
    version: Version = None,
    as_json: Json = False,
) -> None:
    """Take an explanation or an acceptance back."""
    _do(
        name,
        version,
        lambda service, one, actor: service.reopen(one, text=text, actor=actor),
        as_json=as_json,
    )


def _do(name: str, version: int | None, doing: Doing, *, as_json: bool) -> None:
    one, notes = ended(_done(name, version, doing), as_json=as_json)
    if as_json:
        say_json(body(one, notes))
    else:
        typer.echo(line(one))


async def _done(name: str, version: int | None, doing: Doing) -> tuple[Discrepancy, tuple[Note, ...]]:
    async with joined() as switchback:
        service = switchback.services.discrepancies
        async with switchback.store.reading() as tx:
            found = await service.get(await find_id(tx, name))
        meant = One(found.id, found.version if version is None else version)
        await doing(service, meant, account(switchback.services.catalog, found.migration))
        return await service.get(found.id), await service.notes(found.id)

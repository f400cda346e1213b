"""`switchback discrepancies`: the register, listed and exported."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.domain.discrepancy import STATUSES, Discrepancy
from bot.domain.errors import AmbiguousNameError, RefusedError, UnknownNameError
from bot.domain.explanation import CATEGORIES, Explanation
from bot.domain.messages.timeline import in_utc
from bot.store.discrepancies import Note
from bot.store.store import Transaction
from bot.terminal.account import account
from bot.terminal.discrepancy_export import body, write_csv
from bot.terminal.ending import FINDING, Json, ended, joined, say_json
from bot.terminal.listed_group import ListedGroup

app = typer.Typer(
    cls=ListedGroup,
    help="Discrepancies: `discrepancies MIGRATION` lists them; what is said of one has a command each.",
    no_args_is_help=True,
)
Status = Literal["new", "explained", "accepted", "fixed", "came_back"]
DiscrepancyId = Annotated[
    str, typer.Argument(metavar="ID", help="The discrepancy's id, or the beginning of it.")
]
Notes = dict[str, list[Note]]


@app.command("list")
def listing(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    check: Annotated[str | None, typer.Option(help="Only of this check.")] = None,
    status: Annotated[Status | None, typer.Option(help="Only in this state; else all but the fixed.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write them to this file as well.")] = None,
    as_json: Json = False,
) -> None:
    """List discrepancies, those first that need somebody. Exit status 1 when one of them is open."""
    found, notes = ended(_found(migration, check, status, csv), as_json=as_json)
    if as_json:
        say_json([body(one, notes.get(one.id, [])) for one in found])
    elif not found:
        typer.echo(f"No such discrepancy of {migration} is known.")
    for one in found if not as_json else ():
        typer.echo(line(one))
    if any(one.open for one in found):
        raise typer.Exit(FINDING)


@app.command("show")
def show(name: DiscrepancyId, as_json: Json = False) -> None:
    """One with its history: what was said of it, and what became of it."""
    one, notes = ended(_shown(name), as_json=as_json)
    if as_json:
        say_json(body(one, notes))
        return
    typer.echo(line(one))
    for note in notes:
        text = f"“{note.text}”" if note.kind == "comment" else f"it {note.text}"
        typer.echo(f"  {in_utc(note.at)}  {note.actor}: {text}")


async def _shown(name: str) -> tuple[Discrepancy, tuple[Note, ...]]:
    async with joined() as switchback:
        async with switchback.store.reading() as tx:
            found = await find_id(tx, name)
        service = switchback.services.discrepancies
        return await service.get(found), await service.notes(found)


async def find_id(tx: Transaction, name: str) -> str:
    """The one id that begins so, or the name as it is. Raises AmbiguousNameError."""
    ids = await tx.discrepancies.ids(name.upper()) if name else ()
    if len(ids) > 1:
        raise AmbiguousNameError("discrepancy", name, ids)
    return ids[0] if ids else name


async def _found(
    migration: str, check: str | None, status: Status | None, csv: Path | None
) -> tuple[tuple[Discrepancy, ...], Notes]:
    async with joined() as switchback:
        services = switchback.services
        actor = account(services.catalog, migration)
        all_of_it = await services.discrepancies.listed(
            migration, actor=actor, fixed=check is not None or status == "fixed"
        )
        declared = {one.id for one in services.catalog.get(migration).playbook.reconcile.checks}
        known = declared | {one.check for one in all_of_it}
        if check is not None and check not in known:
            raise UnknownNameError("check", check, known)
        found = tuple(
            one
            for one in all_of_it
            if check in (None, one.check) and (one.status == status if status else one.present)
        )
        notes: Notes = {}
        async with switchback.store.reading() as tx:
            for note in await tx.discrepancies.notes(one.id for one in found):
                notes.setdefault(note.discrepancy, []).append(note)
    if csv is not None:
        try:
            write_csv(csv, found, notes)
        except OSError as error:
            raise RefusedError(f"{csv} cannot be written: {error.strerror}") from None
    return found, notes


def line(one: Discrepancy) -> str:
    """One in a line: its id, its check and name, how it looked last, its state and owner."""
    parts = [f"{one.id}  {one.check}  {one.title}  {one.text}", _state(one)]
    if one.open and one.earlier is not None:
        parts.append(f"earlier {_said(one.earlier)} ({one.earlier.ended})")
    if one.owner is not None:
        parts.append(f"owner {one.owner.name}")
    return " · ".join(parts)


def _state(one: Discrepancy) -> str:
    days = "1 day" if one.days == 1 else f"{one.days} days"
    if one.explanation is not None:
        return f"{_said(one.explanation)}, seen on {days}"
    mark, since = ("✅", one.changed_at) if one.status == "fixed" else ("❌", one.opened_at)
    return f"{mark} {STATUSES[one.status]} since {since:%Y-%m-%d}, seen on {days}"


def _said(said: Explanation) -> str:
    how = f"accepted until {said.until}" if said.until else "explained"
    category = f"{CATEGORIES[said.category]}: " if said.category else ""
    return f"{how} by {said.by.name} on {said.at:%Y-%m-%d}: {category}{said.text}"

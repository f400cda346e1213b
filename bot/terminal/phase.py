"""`switchback phase`: where a migration is, what that allows, and what leaving it or a rollback takes."""

from typing import Annotated

import typer

from bot.domain.gates.board import MARKED, told
from bot.domain.messages.phase import PhaseFacts
from bot.domain.messages.timeline import in_utc
from bot.terminal.account import account
from bot.terminal.ending import Json, ended, joined, say_json


def phase(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    as_json: Json = False,
) -> None:
    """Say in which phase a migration is, since when, what is allowed, and what comes next."""
    facts = ended(_found(migration), as_json=as_json)
    if as_json:
        say_json(facts.model_dump(mode="json"))
        return
    for line in _lines(facts):
        typer.echo(line)


async def _found(migration: str) -> PhaseFacts:
    async with joined() as switchback:
        actor = account(switchback.services.catalog, migration)
        return await switchback.services.phase_view.of(migration, actor=actor)


def _lines(facts: PhaseFacts) -> list[str]:
    day = f", day {facts.day}{f' of {facts.days}' if facts.days else ''}" if facts.day else ""
    lines = [f"{facts.migration}: phase {facts.phase} ({facts.phase_kind}){day}"]
    if facts.since is not None:
        until = f", until {in_utc(facts.ends)}" if facts.ends else ""
        lines.append(f"since {in_utc(facts.since)}{until}")
    lines += [f"⏳ {facts.countdown}"] if facts.countdown else []
    lines += [f"allowed: {one}" for one in facts.allows]
    lines.append(f"rollback: {facts.rollback}")
    if facts.next_phase:
        by = f", decided by {facts.decided_by}" if facts.decided_by else ""
        lines.append(f"next: {facts.next_phase}{by}")
    lines += [f"  ❔ {facts.problem}"] if facts.problem else []
    for one in facts.leaving:
        stands = told(one.actual.state, one.actual.reason) if one.actual else MARKED["unknown"]
        lines.append(f"  {one.target}: {stands}")
    return [*lines, *(f"{in_utc(one.at)}  {one.what}" for one in facts.dates)]

"""`switchback phase`: where a migration is, what that allows and takes, and the way back a phase."""

from typing import Annotated

import typer

from bot.domain.errors import RefusedError
from bot.domain.gates.board import MARKED, told
from bot.domain.messages.phase import PhaseFacts
from bot.domain.messages.timeline import in_utc
from bot.services.phase_back import ConfirmedWayBack
from bot.terminal.account import account
from bot.terminal.ending import Json, ended, joined, say_json, speaking, steering
from bot.terminal.plan import effect_lines


def phase(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    back: Annotated[
        bool, typer.Option("--back", help="Go back to the phase before, as it is shown.")
    ] = False,
    confirm: Annotated[
        str,
        typer.Option(metavar="MIGRATION", help="The migration's name, typed; without it --back only shows."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Say in which phase a migration is, since when, what is allowed, and what comes next."""
    if back:
        ended(_taken_back(migration, confirm, as_json=as_json), as_json=as_json)
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


async def _taken_back(migration: str, confirm: str, *, as_json: bool) -> None:
    async with steering() as switchback:
        services = switchback.services
        actor, say = account(services.catalog, migration), speaking(as_json=as_json)
        way = await services.phase_back.look(migration, actor=actor)
        say(f"{migration} goes back from {way.playbook.current_phase.named} to {way.to.named}")
        preview = way.preview
        for step, seen in zip(preview.plan.steps, preview.steps, strict=True) if preview else ():
            for line in effect_lines(step.title, step, seen):
                say(line)
        if not confirm:
            raise RefusedError("Nothing was done", do=f"Repeat it with --confirm {migration} to go back")
        confirmed = ConfirmedWayBack(
            migration=migration,
            from_phase=way.playbook.phase,
            typed=confirm,
            preview=preview.id if preview else "",
            digest=preview.digest() if preview else "",
        )
        await services.phase_back.take(confirmed, actor=actor)


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

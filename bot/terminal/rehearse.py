"""`switchback rehearse`: a real run of a plan in the playbook's rehearsal environment."""

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from bot.app import Switchback
from bot.domain.rehearsal import Rehearsed
from bot.domain.rehearsal_evidence import evidence
from bot.services.rehearsals import RehearsalPreview
from bot.system import SystemClock
from bot.terminal.account import account
from bot.terminal.ending import FINDING, Json, ended, joined, say_json
from bot.terminal.inputs import Inputs, typed_inputs
from bot.terminal.plan import tell_preview
from bot.terminal.rehearsals import as_body, tell_record

LOOK_SECONDS = 1.0


def rehearse(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    *,
    plan_id: Annotated[str | None, typer.Option("--plan", help="The plan; the first one without it.")] = None,
    environment: Annotated[
        str | None, typer.Option(help="The environment; the playbook's own without it, never production.")
    ] = None,
    forward: Annotated[
        str | None, typer.Option(help="The plan that goes forward again; the playbook's own without it.")
    ] = None,
    given: Inputs = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for its end; exit status 1 when it is no evidence.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Roll back for real where nothing can be lost. The bot runs it: `switchback run` has to be running."""
    asked = _Asked(migration, plan_id, environment, forward, typed_inputs(given))
    done = ended(_rehearse(asked, ask=not yes, tell=not as_json, wait=wait), as_json=as_json)
    if done is None:
        raise typer.Exit(FINDING)
    now = SystemClock().now()
    if as_json:
        say_json(as_body(done, now))
    elif done.over:
        tell_record(done, now)
    else:
        typer.echo(
            f"⏳ Rehearsal {done.id} in {done.environment} was started. The bot runs it; look at it by"
        )
        typer.echo(f"   switchback rehearsals show {done.id}")
    if done.over and not evidence(done, now=now).holds:
        raise typer.Exit(FINDING)


@dataclass(frozen=True)
class _Asked:
    migration: str
    plan_id: str | None
    environment: str | None
    forward: str | None
    inputs: dict[str, str]


async def _rehearse(asked: _Asked, *, ask: bool, tell: bool, wait: bool) -> Rehearsed | None:
    async with joined() as switchback:
        rehearsals = switchback.services.rehearsals
        actor = account(switchback.services.catalog, asked.migration)
        preview = await rehearsals.preview(
            asked.migration,
            plan_id=asked.plan_id,
            environment=asked.environment,
            forward=asked.forward,
            actor=actor,
        )
        if tell:
            _tell(preview)
        if ask and not typer.confirm(f"Rehearse this in {preview.back.environment}, for real?"):
            typer.echo("Nothing was changed.")
            return None
        started = await rehearsals.start(replace(preview.bound, inputs=asked.inputs), actor=actor)
        return await _end(switchback, started) if wait else started


async def _end(switchback: Switchback, rehearsal: Rehearsed) -> Rehearsed:
    while not rehearsal.over:
        await asyncio.sleep(LOOK_SECONDS)
        rehearsal = await switchback.services.signatures.get(rehearsal.id)
    return rehearsal


def _tell(preview: RehearsalPreview) -> None:
    tell_preview(preview.back)
    if preview.forward is not None:
        typer.echo("Then forward again:")
        tell_preview(preview.forward)

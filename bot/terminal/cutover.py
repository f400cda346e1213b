"""`switchback cutover`: where it stands, asking for it, taking that back. Nobody approves here."""

from typing import Annotated

import typer

from bot.app import Switchback
from bot.domain.cutover_day import said_day
from bot.domain.decision import Decision
from bot.domain.decision_facts import evidence_line
from bot.domain.decision_standing import Standing
from bot.domain.errors import RefusedError
from bot.domain.messages.timeline import in_utc
from bot.terminal.account import account
from bot.terminal.ending import FINDING, Json, ended, joined, say_json, steering

Migration = Annotated[str, typer.Argument(help="The migration.")]


def cutover(
    migration: Migration,
    what: Annotated[
        str, typer.Argument(help="Nothing for where it stands, or: request, phase, withdraw.")
    ] = "",
    day: Annotated[str, typer.Option(help="The day of the cutover, such as 2026-12-05.")] = "",
    as_json: Json = False,
) -> None:
    """Say where the cutover stands, ask for it or for the next phase, or take that back.

    Exit status 1 while the cutover cannot be asked for, and nothing is to be decided.
    """
    match what:
        case "":
            found = ended(_standing(migration), as_json=as_json)
            _tell(found, as_json=as_json)
            if found.missing:
                raise typer.Exit(FINDING)
        case "request" | "phase" | "withdraw":
            done = ended(_do(migration, what, day), as_json=as_json)
            if as_json:
                say_json(_body(done))
            else:
                typer.echo(_line(done))
        case _:
            raise typer.BadParameter(f"“{what}” is none of request, phase, withdraw")


async def _standing(migration: str) -> Standing:
    async with joined() as switchback:
        return await switchback.services.decisions.status.of(migration)


async def _do(migration: str, what: str, day: str) -> Decision:
    async with steering() as switchback:
        actor = account(switchback.services.catalog, migration)
        decisions = switchback.services.decisions
        if what == "request":
            return await decisions.requests.cutover(migration, day=day, actor=actor)
        if what == "phase":
            return await decisions.requests.phase(migration, actor=actor)
        return await decisions.endings.withdraw((await _open(switchback, migration)).id, actor=actor)


async def _open(switchback: Switchback, migration: str) -> Decision:
    found = await switchback.services.decisions.status.open(migration)
    if found is None:
        raise RefusedError(f"Nothing is to be decided for {migration}")
    return found


def _tell(found: Standing, *, as_json: bool) -> None:
    playbook = found.playbook
    if as_json:
        say_json(
            {
                "migration": playbook.migration,
                "phase": playbook.phase,
                "open": _body(found.open) if found.open else None,
                "last": _body(found.last) if found.last else None,
                "missing": [*found.missing],
                "evidence": found.board.digest() if found.board else None,
            }
        )
        return
    typer.echo(f"{playbook.migration}  phase {playbook.current_phase.named}")
    if found.open is not None:
        typer.echo(_line(found.open))
    for one in found.missing:
        typer.echo(f"  ❌ {one}")
    if found.board is not None:
        line = evidence_line(found.board)
        typer.echo(f"  {line.passing} of {line.gates} gates pass (evidence {line.digest[:8]})")
    if found.board is not None and not found.missing:
        typer.echo("  ✅ it may be asked for: add request --day 2026-12-05, with its day")
    if found.last is not None:
        typer.echo(f"last: {_line(found.last)}")


def _line(decision: Decision) -> str:
    mark = {"go": "✅", "go-with-conditions": "✅", "no-go": "❌"}.get(decision.status, "⏳")
    on = f" on {said_day(decision.day)}" if decision.day else ""
    state = decision.count() if decision.status == "approving" else decision.status
    where = "; the questions are answered in Slack" if decision.status == "asking" else ""
    reason = f": {decision.reason}" if decision.reason else ""
    by = f"asked by {decision.asked_by.name} {in_utc(decision.asked_at)}"
    return f"{mark} {decision.what}{on}  {state}{where}{reason}  {by}  {decision.id}"


def _body(decision: Decision) -> dict[str, object]:
    return {
        "id": decision.id,
        "kind": decision.kind,
        "status": decision.status,
        "day": decision.day.isoformat() if decision.day else None,
        "from_phase": decision.from_phase,
        "to_phase": decision.to_phase,
        "asked_by": decision.asked_by.name,
        "asked_at": decision.asked_at.isoformat(),
        "expires_at": decision.expires_at.isoformat(),
        "needed": decision.needed,
        "evidence": decision.evidence.digest(),
        "blocked": [*decision.blocked],
        "conditions": [*decision.conditions],
        "approvals": [
            {
                "by": one.by.name,
                "at": one.at.isoformat(),
                "choice": one.choice,
                "comment": one.comment,
                "evidence": one.evidence,
                "void_why": one.void_why or None,
            }
            for one in decision.approvals
        ],
        "ended_by": decision.ended_by.name if decision.ended_by else None,
        "ended_at": decision.ended_at.isoformat() if decision.ended_at else None,
        "reason": decision.reason,
        "new_day": decision.new_day.isoformat() if decision.new_day else None,
    }

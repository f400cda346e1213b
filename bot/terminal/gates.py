"""`switchback gates`: whether the gates of a migration pass, and what is missing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.domain.errors import UnknownNameError
from bot.domain.gates.board import CriterionResult, GateResult
from bot.domain.gates.evaluation import Change, Evaluation
from bot.domain.gates.words import age
from bot.domain.messages.gates import passing, state_of, verdict
from bot.domain.messages.timeline import in_utc
from bot.domain.statement_request import StatementRequest
from bot.domain.wanted_statement import AboutCriterion
from bot.terminal.account import account
from bot.terminal.ending import FINDING, Json, ended, joined, say_json, steering

MARKS = {"pass": "✅ passed ", "fail": "❌ failed ", "expired": "❌ expired", "unknown": "❔ unknown"}
MOST_HISTORY = 50


def gates(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    *,
    gate: Annotated[str | None, typer.Option(metavar="ID", help="Only this gate.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Evaluate nothing: show the evaluations before.")
    ] = False,
    ask: Annotated[
        str | None,
        typer.Option(metavar="GATE/CRITERION", help="Evaluate nothing: ask its people to sign or to vote."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Evaluate the gates of the cutover now. Exit status 1 when one does not pass."""
    if ask is not None:
        asked = ended(_asked(migration, ask), as_json=as_json)
        typer.echo(f"Asked for {asked.gate}/{asked.criterion}: see the channel for approvals", err=as_json)
        return
    if history and gate is not None:
        raise typer.BadParameter("--history is of all gates; leave --gate out")
    if history:
        _tell_history(migration, as_json=as_json)
        return
    made = ended(_evaluated(migration, gate), as_json=as_json)
    shown = [one for one in made.board.gates if gate in (None, one.id)]
    passes = all(one.passes for one in shown)
    if as_json:
        say_json(_body(made, shown, passes=passes))
    else:
        for line in (*_lines(made, shown), *_edits(made)):
            typer.echo(line)
    if not passes:
        raise typer.Exit(FINDING)


async def _asked(migration: str, about: str) -> StatementRequest:
    gate, _, criterion = about.partition("/")
    async with steering() as switchback:
        actor = account(switchback.services.catalog, migration)
        wanted = AboutCriterion(migration, gate, criterion)
        return await switchback.services.statement_requests.ask(wanted, actor=actor)


async def _evaluated(migration: str, gate: str | None) -> Evaluation:
    async with joined() as switchback:
        gates = switchback.services.gates
        declared = [one.id for one in gates.declared(migration).playbook.gates]
        if gate is not None and gate not in declared:
            raise UnknownNameError("gate", gate, declared)
        who = account(switchback.services.catalog, migration).name
        return await gates.evaluation(migration, cause=f"asked for by {who}")


def _tell_history(migration: str, *, as_json: bool) -> None:
    found = ended(_history(migration), as_json=as_json)
    if as_json:
        say_json([_past(one) for one in found])
        return
    if not found:
        typer.echo(f"The gates of {migration} have not been evaluated yet.")
    for one in found:
        for line in _past_lines(one):
            typer.echo(line)


async def _history(migration: str) -> tuple[Evaluation, ...]:
    async with joined() as switchback:
        return await switchback.services.gates.history(migration, count=MOST_HISTORY)


def _lines(made: Evaluation, shown: list[GateResult]) -> Iterator[str]:
    yield verdict(made.board)
    for gate in shown:
        since = f", since {in_utc(gate.since)}" if gate.since is not None else ""
        yield f"{MARKS[state_of(gate)][0]} {gate.title} ({gate.id}){since}"
        for one in gate.criteria:
            yield from _criterion(one, made.board.at)


def _criterion(one: CriterionResult, now: datetime) -> Iterator[str]:
    seconds = one.age_seconds(now)
    old = "" if seconds is None else f", {age(timedelta(seconds=seconds))} old"
    yield f"   {MARKS[one.state]}  {one.title}: {one.reason}"
    missing = f"; missing: {', '.join(one.missing)}" if one.missing else ""
    evidence = f"{one.how or 'no evidence'}{old}"
    yield f"              {evidence}; owner {one.owner or 'nobody'}{missing}"


def _edits(made: Evaluation) -> Iterator[str]:
    for edit in made.edits:
        yield f"The playbook changed before {in_utc(edit.at)} ({edit.before[:8]} → {edit.now[:8]}):"
        yield from (f"   {told}" for told in edit.told or ("nothing that a criterion rests on",))


def _body(made: Evaluation, shown: list[GateResult], *, passes: bool) -> dict[str, object]:
    now = made.board.at
    return {
        "migration": made.board.migration,
        "passes": passes,
        "gates": [
            {
                "id": gate.id,
                "title": gate.title,
                "passes": gate.passes,
                "criteria": [
                    {
                        "id": one.id,
                        "state": one.state,
                        "reason": one.reason,
                        "age_seconds": one.age_seconds(now),
                        "owner": one.owner,
                    }
                    for one in gate.criteria
                ],
            }
            for gate in shown
        ],
    }


def _past(one: Evaluation) -> dict[str, object]:
    edited = one.edited
    return {
        "id": one.id,
        "at": one.board.at.isoformat(),
        "cause": one.cause,
        "passes": one.board.passes,
        "gates_passing": passing(one.board),
        "gates": len(one.board.gates),
        "evidence": one.board.digest(),
        "playbook": one.board.playbook_digest,
        "changes": [change.model_dump(mode="json") for change in one.changes],
        "playbook_changes": list(edited.told) if edited is not None else None,
    }


def _past_lines(one: Evaluation) -> Iterator[str]:
    mark = "✅" if one.board.passes else "❌"
    yield f"{mark} {in_utc(one.board.at)}  {passing(one.board)} of {len(one.board.gates)} passed  {one.cause}"
    yield from (f"   {_change(change)}" for change in one.changes)
    if one.edited is not None:
        told = "; ".join(one.edited.told) or "nothing that a criterion rests on"
        yield f"   the playbook had changed: {told}"


def _change(change: Change) -> str:
    did = "now passes" if change.passes else "no longer passes"
    return f"{did}: {change.what}{'' if change.passes else f': {change.why}'}"

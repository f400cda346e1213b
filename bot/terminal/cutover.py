"""`switchback cutover`: where it stands, asking for it, its questions and its day. Nobody approves here."""

from collections.abc import Iterator
from typing import Annotated

import typer

from bot.domain.cutover import PlannedCutover
from bot.domain.cutover_day import said_day
from bot.domain.decision import Decision
from bot.domain.decision_facts import evidence_line
from bot.domain.decision_standing import Standing
from bot.domain.messages.timeline import in_utc
from bot.domain.playbook.document import Playbook
from bot.terminal.account import account
from bot.terminal.cutover_ways import OF_DAY, OF_DECISION, Typed, decided
from bot.terminal.ending import FINDING, Json, ended, joined, say_json, steering

_WORDS = ("request", "phase", *OF_DECISION, *OF_DAY)
Migration = Annotated[str, typer.Argument(help="The migration.")]


def cutover(
    migration: Migration,
    what: Annotated[str, typer.Argument(help=f"Nothing for where it stands, or: {', '.join(_WORDS)}.")] = "",
    *,
    day: Annotated[str, typer.Option(help="The day of the cutover, such as 2026-12-05.")] = "",
    answer: Annotated[str, typer.Option(metavar="ID", help="The answer to the open question.")] = "",
    reason: Annotated[str, typer.Option(help="Why: for no-go, begin, put-off and call-off.")] = "",
    as_json: Json = False,
) -> None:
    """Say where the cutover stands, ask for it or for the next phase, or decide what is open but approvals.

    Exit status 1 while the cutover cannot be asked for, and nothing is to be decided.
    """
    match what:
        case "":
            found = ended(_standing(migration), as_json=as_json)
            _tell(found, as_json=as_json)
            if found.missing:
                raise typer.Exit(FINDING)
        case _ if what in _WORDS:
            done = ended(_do(migration, what, Typed(answer, day, reason)), as_json=as_json)
            if isinstance(done, PlannedCutover):
                _tell_planned(done, as_json=as_json)
            elif as_json:
                say_json(_body(done))
            else:
                typer.echo(_line(done))
        case _:
            raise typer.BadParameter(f"“{what}” is none of {', '.join(_WORDS)}")


async def _standing(migration: str) -> Standing:
    async with joined() as switchback:
        return await switchback.services.decisions.status.of(migration)


async def _do(migration: str, what: str, typed: Typed) -> Decision | PlannedCutover:
    async with steering() as switchback:
        actor = account(switchback.services.catalog, migration)
        requests = switchback.services.decisions.requests
        if what == "request":
            return await requests.cutover(migration, day=typed.day, actor=actor)
        if what == "phase":
            return await requests.phase(migration, actor=actor)
        return await decided(switchback, migration, what, typed, actor=actor)


def _tell_planned(one: PlannedCutover, *, as_json: bool) -> None:
    if as_json:
        say_json({"id": one.id, "day": one.day.isoformat(), "status": one.status, "reason": one.reason})
        return
    typer.echo(f"{one.stands()[:1].upper()}{one.stands()[1:]}")
    for why in (*one.stopped_by, *(f"not done: {title}" for title in one.unsettled)):
        typer.echo(f"  ❌ {why}")


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
        for told in _asked(found.playbook, found.open):
            typer.echo(told)
    for one in found.missing:
        typer.echo(f"  ❌ {one}")
    if found.board is not None:
        line = evidence_line(found.board)
        typer.echo(f"  {line.passing} of {line.gates} gates pass (evidence {line.digest[:8]})")
    if found.board is not None and not found.missing:
        typer.echo("  ✅ it may be asked for: add request --day 2026-12-05, with its day")
    if found.last is not None:
        typer.echo(f"last: {_line(found.last)}")


def _asked(playbook: Playbook, decision: Decision) -> Iterator[str]:
    """The open question with what stands beside it and its answers, or where the tree has led."""
    tree = playbook.decision.cutover
    if tree is None or decision.status != "asking":
        return
    for line in decision.shown or ():
        yield f"  {'❔' if line.good is None else '✅' if line.good else '❌'} {line.title}: {line.text}"
    if decision.conclusion in tree.outcomes:
        outcome = tree.outcomes[decision.conclusion]
        way = "no-go --day DAY --reason TEXT" if outcome.verdict == "no-go" else "approvers"
        yield f"  {outcome.title}. Go on with {way}, or back"
    elif decision.place in tree.nodes:
        question = tree.nodes[decision.place]
        yield f"  {question.ask}"
        for answer_id, one in question.answers.items():
            yield f"    answer --answer {answer_id}: {one.text}"


def _line(decision: Decision) -> str:
    mark = {"go": "✅", "go-with-conditions": "✅", "no-go": "❌"}.get(decision.status, "⏳")
    on = f" on {said_day(decision.day)}" if decision.day else ""
    state = decision.count() if decision.status == "approving" else decision.status
    reason = f": {decision.reason}" if decision.reason else ""
    by = f"asked by {decision.asked_by.name} {in_utc(decision.asked_at)}"
    return f"{mark} {decision.what}{on}  {state}{reason}  {by}  {decision.id}"


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

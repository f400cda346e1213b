"""What the weekly validation meeting talks about beside the gates."""

from datetime import datetime

from bot.domain.decision import Decision
from bot.domain.gates.review import Agenda
from bot.domain.gates.words import count, day_text
from bot.domain.playbook.document import Playbook
from bot.services.discrepancy_register import local_day
from bot.services.phases import present
from bot.store.store import Transaction

_MOST_NAMED = 5


async def agenda(tx: Transaction, playbook: Playbook, now: datetime) -> Agenda:
    """Open discrepancies by check, decisions that are open, and when the phase is to end."""
    today = local_day(playbook, now)
    listed = [one.as_of(today) for one in await tx.discrepancies.listed(playbook.migration)]
    titles = {check.id: check.title for check in playbook.reconcile.checks}
    by_check: dict[str, int] = {}
    for one in listed:
        if one.open:
            by_check[one.check] = by_check.get(one.check, 0) + 1
    most = sorted(by_check.items(), key=lambda pair: (-pair[1], pair[0]))
    return Agenda(
        open_discrepancies=sum(by_check.values()),
        named=tuple(f"{titles.get(check, check)}: {number}" for check, number in most[:_MOST_NAMED]),
        decisions=(*await _open(tx, playbook.migration), *await _phase(tx, playbook, now)),
    )


async def _open(tx: Transaction, migration: str) -> tuple[str, ...]:
    decision = await tx.decisions.open_decision(migration)
    return () if decision is None else (_waits(decision),)


def _waits(decision: Decision) -> str:
    what = "Cutover" if decision.kind == "cutover" else f"Move to phase {decision.to_phase}"
    day = f" on {day_text(decision.day)}" if decision.day is not None else ""
    asked = f"asked by {decision.asked_by.name} {day_text(decision.asked_at)}"
    return f"{what}{day}: {asked}, waits until {day_text(decision.expires_at)}"


async def _phase(tx: Transaction, playbook: Playbook, now: datetime) -> tuple[str, ...]:
    """When the present phase is to end and what comes then; nothing where the playbook does not say."""
    now_in = await present(tx, playbook)
    phase, after, move = now_in.current_phase, now_in.next_phase, await tx.phases.latest(playbook.migration)
    if move is None or phase.lasts is None or after is None:
        return ()
    end = move.extended_to or move.since + phase.lasts
    left = (end - now).days
    when = f"in {count(left, 'day')}" if end >= now else f"{count((now - end).days, 'day')} ago"
    ends = "is to end" if end >= now else "was to end"
    return (f"Phase {phase.named} {ends} {day_text(end)} ({when}); next is {after.named}",)

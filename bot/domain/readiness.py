"""Whether both sides have finished their batches of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.check_result import CheckResult, CheckStatus
from bot.domain.check_verdict import ready_result
from bot.domain.moment import CLOCKS_APART, Moment, age_text, day_of, instant, written
from bot.domain.playbook.checks import Reconcile
from bot.domain.playbook.places import Side
from bot.domain.playbook.schedule import ReadyWhen


@dataclass(frozen=True)
class Readiness:
    """The result of `ready_when`, and why nothing is comparable yet; empty where it is."""

    result: CheckResult
    waiting: str


def readiness(
    reconcile: Reconcile,
    ready_when: ReadyWhen,
    newest: Mapping[Side, Moment],
    problems: Mapping[Side, str],
    *,
    now: datetime,
) -> Readiness:
    """The sides' newest times against the day it is in the schedule's zone.

    A side that did not answer (`problems`) makes it an error. Until each side's time is of today it is
    unknown, and failed from the local time `by` on.
    """
    zone = reconcile.schedule.zone if reconcile.schedule is not None else "UTC"
    late = _late(ready_when, newest, zone=zone, now=now)
    reasons = [f"{side} {reason}" for side, reason in late.items()] + list(problems.values())
    local = now.astimezone(ZoneInfo(zone))
    overdue = ready_when.by is not None and f"{local:%H:%M}" >= ready_when.by
    waiting = f"not comparable yet: {'; '.join(reasons)}" if reasons else ""
    limit = f"today by {ready_when.by} {zone}" if ready_when.by else f"today in {zone}"
    sides = {side: _text(moment, ready_when, side, zone) for side, moment in newest.items()}
    status: CheckStatus = "passed"
    if problems:
        status = "error"
    elif late:
        status = "failed" if overdue else "unknown"
    result = ready_result(
        ready_when,
        owner=reconcile.checks[0].owner,
        status=status,
        limit=limit,
        problem="; ".join(problems.values()) or (waiting if status == "unknown" else ""),
        difference="; ".join(f"{side} {reason}" for side, reason in late.items()),
        **sides,
    )
    return Readiness(result=result, waiting=waiting)


def _late(
    ready_when: ReadyWhen, newest: Mapping[Side, Moment], *, zone: str, now: datetime
) -> dict[Side, str]:
    today = now.astimezone(ZoneInfo(zone)).date()
    found: dict[Side, str] = {}
    for side, moment in newest.items():
        batch = ready_when.batch(side)
        own = batch.zone if batch is not None else "UTC"
        day = day_of(moment, zone=own, local=zone)
        ahead = instant(moment, own) - now if isinstance(moment, datetime) else None
        if day > today or (ahead is not None and ahead > CLOCKS_APART):
            by = f" by {age_text(ahead)}" if ahead is not None else f": {day}"
            found[side] = f"has a batch in the future{by}"
        elif day < today:
            found[side] = f"has no batch of today, the last is of {day}"
    return found


def _text(moment: Moment, ready_when: ReadyWhen, side: Side, zone: str) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    batch = ready_when.batch(side)
    return written(instant(moment, batch.zone if batch is not None else "UTC"), zone)

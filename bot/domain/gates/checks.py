"""Criteria that rest on reconciliations: a check that stays clean, and the success rate of sync jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.domain.calendar import days_between, last_due, on_day
from bot.domain.check_history import CheckPoint
from bot.domain.cleanness import Cleanness
from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.titles import span_of
from bot.domain.gates.words import count, day_text, days_text
from bot.domain.messages.timeline import in_utc
from bot.domain.playbook.criteria import CheckClean, SyncSucceeds
from bot.domain.playbook.schedule import Schedule

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CheckDay:
    """What a check found in the reconciliation of a day; `said` is why it is not clean."""

    day: date
    at: datetime
    clean: Cleanness
    reconciliation: str
    said: str = ""


@dataclass(frozen=True)
class CheckDays:
    """The days of a check whose summaries were told; `pending` are those that are due and still to come."""

    schedule: Schedule | None
    days: tuple[CheckDay, ...]
    pending: frozenset[date] = frozenset()


def check_clean(asked: Asked, criterion: CheckClean, found: CheckDays) -> CriterionResult:
    """Clean on every scheduled day of the span that ends with the last day that is settled."""
    schedule, by_day = found.schedule, {one.day: one for one in found.days}
    if schedule is None:
        return asked.unknown("no daily reconciliation is planned: the playbook has no reconcile.schedule")
    if not by_day:
        return asked.unknown("no daily reconciliation has told of it yet")
    latest = by_day[max(by_day)]
    # Evidence that is too old is judged as it was; else it would be called missing, not expired.
    expired = asked.now - latest.at > criterion.max_age
    last = latest.day if expired else max(latest.day, _last_settled(schedule, asked.now, found.pending))
    span = days_of_span(criterion, schedule, last)
    clean = clean_in_a_row(span, by_day)
    seen = [by_day[day] for day in span if day in by_day]
    reconciled = count(len(seen), "daily reconciliation")
    return asked.settled(
        clean == len(span),
        _clean_reason(criterion, span, by_day, clean),
        how=f"{reconciled}, {days_text(seen[0].day, seen[-1].day)}" if seen else reconciled,
        as_of=latest.at,
        allowed=criterion.max_age,
        evidence=(one.reconciliation for one in seen),
    )


def days_of_span(criterion: CheckClean, schedule: Schedule, last: date) -> tuple[date, ...]:
    """The scheduled days of the span that ends with `last`, oldest first."""
    if criterion.clean_for is not None:
        return (*days_between(schedule, last - criterion.clean_for, last), last)
    days: list[date] = []
    day = last
    while len(days) < (criterion.clean_runs or 0):
        if day == last or on_day(schedule, day) is not None:
            days.append(day)
        day -= _DAY
    return tuple(reversed(days))


def clean_in_a_row(span: Sequence[date], by_day: Mapping[date, CheckDay]) -> int:
    """How many days up to the last one were clean; a day without a result was not."""
    clean = takewhile(lambda day: day in by_day and by_day[day].clean != "not clean", reversed(span))
    return sum(1 for _ in clean)


def _clean_reason(
    criterion: CheckClean, span: Sequence[date], by_day: Mapping[date, CheckDay], clean: int
) -> str:
    if clean == len(span):
        explained = sum(by_day[day].clean == "explained" for day in span)
        told = f", {explained} of them with what differs explained" if explained else ""
        return f"clean for {span_of(criterion)}: all {len(span)} scheduled days{told}"
    broken = span[-1 - clean]
    why = by_day[broken].said if broken in by_day else "no daily reconciliation"
    return (
        f"clean for {clean} of {count(len(span), 'scheduled day')} "
        f"({span_of(criterion)} wanted); {day_text(broken)}: {why}"
    )


def _last_settled(schedule: Schedule, now: datetime, pending: frozenset[date]) -> date:
    due = last_due(schedule, now)
    while due.day in pending:
        due = last_due(schedule, due.at - timedelta(seconds=1))
    return due.day


def sync_succeeds(asked: Asked, criterion: SyncSucceeds, latest: CheckPoint | None) -> CriterionResult:
    """By the newest result of the success rate, whoever asked for it."""
    if latest is None:
        return asked.unknown(f"check {criterion.sync} has never been done")
    result = latest.result
    how = f"reconciliation of {in_utc(latest.at)}"
    if result.status not in ("passed", "failed"):
        return asked.unknown(result.problem or "the rate could not be read", how=how)
    counted = f" ({result.legacy or result.new})" if result.legacy or result.new else ""
    return asked.settled(
        result.status == "passed",
        f"{result.difference}{counted}, limit {result.tolerance}",
        how=how,
        as_of=latest.at,
        allowed=criterion.max_age,
        evidence=(latest.reconciliation,),
    )

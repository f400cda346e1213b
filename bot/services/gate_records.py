"""What our own records say of criteria: reconciliations, samples, incidents, rehearsals, statements."""

from datetime import date, datetime, timedelta

from bot.domain.calendar import last_due
from bot.domain.check_history import CheckPoint
from bot.domain.check_result import CheckResult
from bot.domain.cleanness import Cleanness
from bot.domain.gates.checks import CheckDay, CheckDays, days_of_span
from bot.domain.gates.incidents import IncidentRecord, IncidentSeen
from bot.domain.gates.metrics import Samples, sampled_every
from bot.domain.playbook.criteria import CheckClean, MetricHolds, NoIncident
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.summary_day import LATE_AFTER, SummaryDay
from bot.store.store import Transaction


async def check_days(tx: Transaction, playbook: Playbook, criterion: CheckClean, now: datetime) -> CheckDays:
    """The days of a check, from before the span that is asked for."""
    schedule = playbook.reconcile.schedule
    if schedule is None:
        return CheckDays(None, ())
    # Evidence that is too old is looked at, too, to be called expired.
    last = await tx.summaries.last_told(playbook.migration)
    due = last_due(schedule, now)
    end = min(due.day, last.day) if last is not None else due.day
    since = days_of_span(criterion, schedule, end)[0]
    history = await tx.check_history.of_days(playbook.migration, since=since, check=criterion.check)
    points = history.get(criterion.check, {})
    summaries = {one.day: one for one in await tx.summaries.days(playbook.migration, since=since)}
    pending = {day for day, one in summaries.items() if one.open}
    if due.day not in summaries and now - due.at < LATE_AFTER:
        pending.add(due.day)
    return CheckDays(
        schedule=schedule,
        days=tuple(_day(day, point, summaries.get(day)) for day, point in sorted(points.items())),
        pending=frozenset(pending),
    )


def _day(day: date, point: CheckPoint, told: SummaryDay | None) -> CheckDay:
    clean: Cleanness = "clean" if point.result.status == "passed" else "not clean"
    # Whether its day was clean is what the register knew when its summary was told.
    if point.result.status == "failed" and told is not None and point.result.check in told.explained:
        clean = "explained"
    return CheckDay(
        day=day,
        at=point.at,
        clean=clean,
        reconciliation=f"reconciliation:{point.reconciliation}",
        said="" if clean == "clean" else _said(point.result),
    )


def _said(result: CheckResult) -> str:
    if result.status == "failed":
        return f"{result.how_far_apart() or 'outside its limit'} (limit {result.tolerance})"
    return result.problem or "it could not be done"


async def samples(tx: Transaction, playbook: Playbook, criterion: MetricHolds, now: datetime) -> Samples:
    """The samples of a window, and of the time before in which evidence of it would have expired."""
    signal = playbook.signal(criterion.metric)
    every = sampling(playbook).get(criterion.metric, sampled_every(criterion.over))
    reach = reach_of(criterion)
    found = await tx.metric_samples.since(playbook.migration, criterion.metric, now - reach)
    return Samples(measured=found, every=every, baseline=signal.baseline)


def reach_of(criterion: MetricHolds) -> timedelta:
    """How far back samples are looked at: another window before those that count, and a week at least."""
    return criterion.over + max(criterion.over, criterion.max_age, timedelta(days=7))


def metric_criteria(playbook: Playbook) -> tuple[MetricHolds, ...]:
    """All of a playbook that rest on samples, those for leaving phases included."""
    gates = [criterion for gate in playbook.gates for criterion in gate.criteria]
    phases = [one.criterion for phase in playbook.phases for one in phase.leave_when]
    return tuple(one for one in (*gates, *phases) if isinstance(one, MetricHolds))


def sampling(playbook: Playbook) -> dict[str, timedelta]:
    """How often each signal of a metric criterion is measured: as the shortest window of it needs."""
    often: dict[str, timedelta] = {}
    for criterion in metric_criteria(playbook):
        every = sampled_every(criterion.over)
        often[criterion.metric] = min(every, often.get(criterion.metric, every))
    return often


async def incident_record(
    tx: Transaction, migration: str, criterion: NoIncident, now: datetime
) -> IncidentRecord:
    """The incidents of production in the window; the record begins with the first phase."""
    moves = await tx.phases.all(migration)
    found = await tx.incidents.open_since(migration, PRODUCTION, now - criterion.for_)
    return IncidentRecord(
        incidents=tuple(IncidentSeen(one.id, one.severity, one.opened_at, one.closed_at) for one in found),
        since=moves[0].since if moves else None,
    )

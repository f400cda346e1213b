"""A criterion that rests on the record of incidents."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.words import age, count, day_text, lasting
from bot.domain.playbook.criteria import NoIncident

_WORST = "P1"
_MOST_NAMED = 3


@dataclass(frozen=True)
class IncidentSeen:
    """An incident of production, as it is on record."""

    id: str
    severity: str | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class IncidentRecord:
    """All that were open at some time in the window; `since` is when the record begins, None before."""

    incidents: tuple[IncidentSeen, ...]
    since: datetime | None


def no_incident(asked: Asked, criterion: NoIncident, record: IncidentRecord) -> CriterionResult:
    """None of these severities was open at any time of the window; one without a severity counts as P1."""
    severities = "/".join(criterion.no_incident)
    if record.since is None:
        return asked.unknown("it is not known since when incidents are on record")
    begin = asked.now - criterion.for_
    counting = [
        one
        for one in record.incidents
        if (one.severity or _WORST) in criterion.no_incident
        and one.opened_at <= asked.now
        and (one.closed_at is None or one.closed_at > begin)
    ]
    how = f"record of incidents since {day_text(record.since)}"
    if counting:
        named = "; ".join(map(_told, counting[:_MOST_NAMED]))
        more = f"; and {len(counting) - _MOST_NAMED} more" if len(counting) > _MOST_NAMED else ""
        reason = f"{count(len(counting), f'{severities} incident')} within {lasting(criterion.for_)}"
        return asked.settled(
            False,
            f"{reason}: {named}{more}",
            how=how,
            as_of=asked.now,
            allowed=None,
            evidence=(f"incident:{one.id}" for one in counting),
        )
    watched = asked.now - record.since
    if watched < criterion.for_:
        told = f"on record for {age(watched)} only, {lasting(criterion.for_)} needed"
        reason = f"no {severities} incident, but {told}"
        return asked.settled(False, reason, how=how, as_of=asked.now, allowed=None)
    reason = f"no {severities} incident within {lasting(criterion.for_)}"
    return asked.settled(True, reason, how=how, as_of=asked.now, allowed=None, evidence=("incidents:none",))


def _told(incident: IncidentSeen) -> str:
    severity = incident.severity or f"no severity, counts as {_WORST}"
    end = f"closed {day_text(incident.closed_at)}" if incident.closed_at else "still open"
    return f"{severity}, opened {day_text(incident.opened_at)}, {end}"

"""Whether a rehearsal proves that the way back works, and for how long it does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.quantities import format_duration
from bot.domain.rehearsal import Rehearsed
from bot.domain.table_state import differences


@dataclass(frozen=True)
class RehearsalEvidence:
    """What a record says.

    `passed`: every run of it was done, and no step was passed over or failed. `within`: the way back took
    no longer than it may; None when it did not come to its end. `data_preserved`: every declared table is
    as it was; None where nothing is declared or something is not known. `missing` are the roles that have
    not signed. `reasons` say why it is no evidence, and are empty when it is.
    """

    passed: bool
    within: bool | None
    data_preserved: bool | None
    seconds: float | None
    age: timedelta
    missing: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether it is evidence."""
        return not self.reasons


def evidence(
    record: Rehearsed, *, now: datetime, oldest: timedelta | None = None, signed: bool = False
) -> RehearsalEvidence:
    """What a record proves now; at most `oldest` after its end, and `signed` by every role where asked."""
    seconds = seconds_back(record)
    within = None if seconds is None else seconds <= record.within_seconds
    told = data_differences(record)
    read = bool(record.after) and (bool(record.after_forward) or not record.forward)
    unknown = any(": unknown, " in one for one in told)
    preserved = None if unknown or not read else not told
    ended, steps = _ended_badly(record), _steps_gone_wrong(record)
    reasons = [*ended]
    if within is False:
        limit = format_duration(timedelta(seconds=record.within_seconds))
        reasons.append(f"it took {seconds:g} s, and {limit} were allowed")
    reasons += (*told, *steps)
    age = now - record.ended_at if record.ended_at else timedelta()
    if oldest is not None and age > oldest:
        reasons.append(f"it is {age.days} days old, and {format_duration(oldest)} are allowed")
    if signed and record.unsigned:
        reasons.append(f"not signed by {', '.join(record.unsigned)}")
    return RehearsalEvidence(
        passed=not ended and not steps,
        within=within,
        data_preserved=preserved,
        seconds=seconds,
        age=age,
        missing=record.unsigned,
        reasons=tuple(reasons),
    )


def seconds_back(record: Rehearsed) -> float | None:
    """How long the way back took, through all plans that it went by; None when it was not done."""
    spent = 0.0
    for run in record.runs:
        spent += run.seconds
        if run.status == "done":
            return round(spent, 1)
    return None


def data_differences(record: Rehearsed) -> tuple[str, ...]:
    """What differs in the declared tables, after the way back and after the way forward."""
    again = differences(record.before, record.after_forward) if record.after_forward else ()
    first = differences(record.before, record.after) if record.after else ()
    return (*first, *(f"{one} (after going forward again)" for one in again))


def _ended_badly(record: Rehearsed) -> list[str]:
    if not record.over:
        return ["it is still going on"]
    return [record.problem] if record.problem else []


def _steps_gone_wrong(record: Rehearsed) -> list[str]:
    told = [f"plan {run.plan_id} was given up" for run in record.runs if run.status == "replaced"]
    return told + [
        f"step “{step.title}” of plan {run.plan_id}: {step.status}"
        for run in record.runs
        for step in run.failures
    ]

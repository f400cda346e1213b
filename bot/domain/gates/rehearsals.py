"""Criteria that rest on rehearsals: that the way back works, and that an alert fires."""

from datetime import datetime, timedelta

from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.gates.words import day_text
from bot.domain.playbook.criteria import AlertTested
from bot.domain.playbook.criteria import Rehearsed as RehearsedCriterion
from bot.domain.quantities import format_duration
from bot.domain.rehearsal import Rehearsed
from bot.domain.rehearsal_evidence import RehearsalEvidence, data_differences, evidence


def rehearsed(
    asked: Asked, criterion: RehearsedCriterion, newest: Rehearsed | None, *, playbook_digest: str
) -> CriterionResult:
    """The newest rehearsal of the plan that is over: done, fast enough, with the data as it was."""
    if newest is None or newest.ended_at is None:
        return asked.fails(f"plan {criterion.rehearsal} has never been rehearsed", how="no rehearsal")
    proved = evidence(newest, now=asked.now, signed=criterion.signed)
    wrong = _wrong(criterion, newest, proved)
    how = _how(newest, newest.ended_at, playbook_digest)
    if not wrong and criterion.data_preserved and proved.data_preserved is None:
        return asked.unknown("whether data was preserved is not known: it was not read back", how=how)
    seconds = timedelta(seconds=proved.seconds or 0)
    limit = timedelta(seconds=newest.within_seconds)
    limit = min(limit, criterion.under) if criterion.under is not None else limit
    preserved = ", data preserved" if proved.data_preserved else ""
    signed = ", signed" if criterion.signed else ""
    good = f"done in {format_duration(seconds)} (limit {format_duration(limit)}){preserved}{signed}"
    return asked.settled(
        not wrong,
        "; ".join(wrong) or good,
        how=how,
        as_of=newest.ended_at,
        allowed=_allowed(criterion, criterion.within),
        evidence=(newest.subject,),
    )


def alert_tested(
    asked: Asked, criterion: AlertTested, newest: Rehearsed | None, *, playbook_digest: str
) -> CriterionResult:
    """The newest rehearsal of the plan that fails something and sees the alert."""
    if newest is None or newest.ended_at is None:
        return asked.fails(f"plan {criterion.alert_test} has never been rehearsed", how="no rehearsal")
    proved = evidence(newest, now=asked.now)
    return asked.settled(
        proved.passed,
        "the alert was seen" if proved.passed else "; ".join(proved.reasons),
        how=_how(newest, newest.ended_at, playbook_digest),
        as_of=newest.ended_at,
        allowed=_allowed(criterion, criterion.within),
        evidence=(newest.subject,),
    )


def _wrong(criterion: RehearsedCriterion, record: Rehearsed, proved: RehearsalEvidence) -> list[str]:
    ignored = () if criterion.data_preserved else data_differences(record)
    wrong = [reason for reason in proved.reasons if reason not in ignored]
    if proved.seconds is None and not wrong:
        wrong.append("the way back was not done")
    under = criterion.under
    if under is not None and proved.seconds is not None and proved.seconds > under.total_seconds():
        wrong.append(f"it took {proved.seconds:g} s, and {format_duration(under)} were allowed")
    return wrong


def _allowed(criterion: RehearsedCriterion | AlertTested, within: timedelta) -> timedelta:
    """`within`, or a maximum age that is named and shorter: its default is of other evidence."""
    return min(within, criterion.max_age) if "max_age" in criterion.model_fields_set else within


def _how(record: Rehearsed, ended: datetime, playbook_digest: str) -> str:
    old = "" if record.playbook_digest == playbook_digest else ", by an earlier version of the playbook"
    return f"rehearsal of {day_text(ended)} in {record.environment}{old}"

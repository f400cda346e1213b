"""What a criterion is called where its playbook gives it no title."""

from collections.abc import Iterable
from typing import Protocol

from bot.domain.gates.words import count, lasting
from bot.domain.playbook.criteria import (
    AlertTested,
    CheckClean,
    ContactsCurrent,
    Covered,
    Criterion,
    DocumentPresent,
    EachPerson,
    MetricHolds,
    NoIncident,
    Rehearsed,
    SignOff,
    SyncSucceeds,
    Vote,
)
from bot.domain.playbook.document import Playbook


class _Titled(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...


def title_of(playbook: Playbook, criterion: Criterion) -> str:
    """Its title, or one made of what it asks for."""
    return criterion.title or _made(playbook, criterion)


def _made(playbook: Playbook, criterion: Criterion) -> str:
    checks = playbook.reconcile.checks
    match criterion:
        case CheckClean():
            made = f"{_named(checks, criterion.check)}: clean for {span_of(criterion)}"
        case MetricHolds():
            of = " of its baseline" if criterion.of else ""
            bound = str(criterion.value).lower() if isinstance(criterion.value, bool) else criterion.value
            signal = _named(playbook.signals, criterion.metric)
            made = f"{signal} {criterion.op} {bound}{of} for {lasting(criterion.over)}"
        case SyncSucceeds():
            made = _named(checks, criterion.sync)
        case NoIncident():
            severities = "/".join(criterion.no_incident)
            made = f"No {severities} incident for {lasting(criterion.for_)}"
        case Rehearsed():
            made = f"Plan “{_plan(playbook, criterion.rehearsal)}” rehearsed"
        case AlertTested():
            made = f"Alert tested by plan “{_plan(playbook, criterion.alert_test)}”"
        case SignOff() | EachPerson() | Vote():
            made = criterion.statement
        case ContactsCurrent():
            made = "Escalation contacts tried"
        case DocumentPresent():
            made = f"Document {criterion.document}"
        case Covered():
            made = f"At least {criterion.coverage} of the columns compared"
    return made


def span_of(criterion: CheckClean) -> str:
    """For how long a check is to be clean: `14 days`, `14 daily reconciliations`."""
    if criterion.clean_for is not None:
        return lasting(criterion.clean_for)
    return count(criterion.clean_runs or 0, "daily reconciliation")


def _named(parts: Iterable[_Titled], wanted: str) -> str:
    return next((one.title for one in parts if one.id == wanted), wanted)


def _plan(playbook: Playbook, plan_id: str) -> str:
    return playbook.plans[plan_id].title if plan_id in playbook.plans else plan_id

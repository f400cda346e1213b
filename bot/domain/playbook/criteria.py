"""The criteria of gates, as declared. A criterion is settled by evidence, never by confidence."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from bot.domain.playbook.decision import Severity
from bot.domain.playbook.part import Identifier, Part, Text
from bot.domain.playbook.signals import Condition, Operator
from bot.domain.quantities import Duration, Limit, parse_duration

CriterionKind = Literal[
    "check",
    "metric",
    "sync",
    "no_incident",
    "rehearsal",
    "alert_test",
    "sign_off",
    "each",
    "contacts",
    "vote",
    "document",
    "coverage",
]
BY_PEOPLE: tuple[CriterionKind, ...] = ("sign_off", "each", "contacts", "vote")
"""What is settled by what people say, by button."""


class CriterionPart(Part):
    """What every criterion has. `owner` is a role, the gate's where none is named.

    `id` is made of what the criterion is about where none is given. `max_age` is how old its evidence may
    be: older evidence fails, and is called expired.
    """

    id: Identifier | None = None
    title: Text | None = None
    owner: Identifier | None = None
    max_age: Duration = Field(default=parse_duration("7d"))


class CheckClean(CriterionPart):
    """A check that was clean on each of so many days, or in each of so many daily reconciliations.

    A day of the schedule without a result is not clean.
    """

    check: Identifier
    clean_for: Duration | None = None
    clean_runs: Annotated[int, Field(ge=1, le=366)] | None = None
    max_age: Duration = Field(default=parse_duration("4d"))

    @model_validator(mode="after")
    def _one_span(self) -> Self:
        if (self.clean_for is None) == (self.clean_runs is None):
            raise ValueError("a check is clean for exactly one of clean_for, clean_runs")
        if self.clean_for is not None and (self.clean_for % timedelta(days=1) or not self.clean_for):
            raise ValueError("clean_for is whole days, such as 14d")
        return self


class MetricHolds(CriterionPart):
    """A signal within its bound through a window: in at least that share of its samples."""

    metric: Identifier
    op: Operator
    value: Limit | bool
    of: Literal["baseline"] | None = None
    over: Duration
    share: Limit = Limit(value="100", unit="%")
    max_age: Duration = Field(default=parse_duration("1h"))

    @property
    def condition(self) -> Condition:
        """The bound of one sample."""
        return Condition(signal=self.metric, op=self.op, value=self.value, of=self.of)

    @model_validator(mode="after")
    def _a_share(self) -> Self:
        if self.share.unit != "%" or not 0 < self.share.value <= 100:
            raise ValueError("share is a percentage of the samples, such as 99%")
        _ = self.condition
        return self


class SyncSucceeds(CriterionPart):
    """The success rate of sync jobs, as a `success_rate` check found it last."""

    sync: Identifier
    max_age: Duration = Field(default=parse_duration("4d"))


class NoIncident(CriterionPart):
    """No incident of these severities was open within the last time. One without a severity counts as P1."""

    no_incident: tuple[Severity, ...] = Field(min_length=1)
    for_: Duration = Field(alias="for")


class Rehearsed(CriterionPart):
    """A rehearsal of a plan, not older than `within`, that took less than `under` (or its own limit)."""

    rehearsal: Identifier
    within: Duration
    under: Duration | None = None
    data_preserved: bool = True
    signed: bool = False


class AlertTested(CriterionPart):
    """A plan that fails something deliberately and sees the alert, done in a rehearsal."""

    alert_test: Identifier
    within: Duration


class SignOff(CriterionPart):
    """So many people of a role sign the statement."""

    sign_off: Identifier
    statement: Text
    people: Annotated[int, Field(ge=1, le=20)] = 1
    max_age: Duration = Field(default=parse_duration("90d"))


class Task(Part):
    """What each person has done once."""

    id: Identifier
    title: Text


class EachPerson(CriterionPart):
    """Everybody in a role signs the statement for themselves, or each of the tasks."""

    each: Identifier
    statement: Text
    tasks: tuple[Task, ...] = Field(default=(), max_length=20)
    max_age: Duration = Field(default=parse_duration("90d"))


class ContactsCurrent(CriterionPart):
    """Somebody in a role has tried the playbook's escalation contacts, as they are declared now."""

    contacts: Identifier
    max_age: Duration = Field(default=parse_duration("30d"))


class Vote(CriterionPart):
    """A vote of a role: at least `quorum` people vote, and the majority of those for and against is for."""

    vote: Identifier
    statement: Text
    quorum: Annotated[int, Field(ge=1, le=50)]
    majority: Literal["simple", "two-thirds", "unanimous"] = "simple"
    max_age: Duration = Field(default=parse_duration("30d"))


class DocumentPresent(CriterionPart):
    """A document in the playbook's folder, or behind a link that answers."""

    document: Annotated[str, Field(min_length=1, max_length=500)]
    max_age: Duration = Field(default=parse_duration("90d"))


class Covered(CriterionPart):
    """At least that share of the columns of each side is compared by some check."""

    coverage: Limit
    max_age: Duration = Field(default=parse_duration("7d"))


def _kind(value: object) -> str | None:
    """The one key by which a criterion says what it is about."""
    if isinstance(value, CriterionPart):
        return type(value).__name__
    keys = [key for key in _MODELS if isinstance(value, Mapping) and key in value]
    return _MODELS[keys[0]].__name__ if len(keys) == 1 else None


_MODELS: Mapping[CriterionKind, type[CriterionPart]] = {
    "check": CheckClean,
    "metric": MetricHolds,
    "sync": SyncSucceeds,
    "no_incident": NoIncident,
    "rehearsal": Rehearsed,
    "alert_test": AlertTested,
    "sign_off": SignOff,
    "each": EachPerson,
    "contacts": ContactsCurrent,
    "vote": Vote,
    "document": DocumentPresent,
    "coverage": Covered,
}
_CHOICE = Discriminator(
    _kind,
    custom_error_type="criterion_kind",
    custom_error_message=f"a criterion has exactly one of {', '.join(_MODELS)}",
)
Criterion = Annotated[
    Annotated[CheckClean, Tag("CheckClean")]
    | Annotated[MetricHolds, Tag("MetricHolds")]
    | Annotated[SyncSucceeds, Tag("SyncSucceeds")]
    | Annotated[NoIncident, Tag("NoIncident")]
    | Annotated[Rehearsed, Tag("Rehearsed")]
    | Annotated[AlertTested, Tag("AlertTested")]
    | Annotated[SignOff, Tag("SignOff")]
    | Annotated[EachPerson, Tag("EachPerson")]
    | Annotated[ContactsCurrent, Tag("ContactsCurrent")]
    | Annotated[Vote, Tag("Vote")]
    | Annotated[DocumentPresent, Tag("DocumentPresent")]
    | Annotated[Covered, Tag("Covered")],
    _CHOICE,
]
PeopleCriterion = SignOff | EachPerson | ContactsCurrent | Vote


def kind_of(criterion: Criterion) -> CriterionKind:
    """Which kind it is."""
    return next(kind for kind, model in _MODELS.items() if type(criterion) is model)


def criterion_id(criterion: Criterion) -> str:
    """Its id: the given one, or its kind with what it is about, such as `check-accounts`."""
    if criterion.id is not None:
        return criterion.id
    kind = kind_of(criterion)
    about = getattr(criterion, kind)
    named = f"{kind}-{about}" if isinstance(about, str) and kind != "document" else kind
    return named.replace("_", "-")

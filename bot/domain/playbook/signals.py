"""Signals and triggers, as declared."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AnyHttpUrl, Field, model_validator

from bot.domain.playbook.part import Identifier, Part, Text
from bot.domain.quantities import Duration, Limit, parse_duration

Operator = Literal[">", ">=", "<", "<=", "=="]


class HttpProbe(Part):
    """A GET of a URL: is it up (status expected), or how slow (a percentile of samples, in ms)."""

    url: AnyHttpUrl
    measure: Literal["up", "latency"] = "up"
    expect: Annotated[int, Field(ge=100, le=599)] = 200
    samples: Annotated[int, Field(ge=1, le=100)] = 20
    percentile: Annotated[int, Field(ge=1, le=100)] = 95
    timeout: Duration = Field(default=parse_duration("2s"))


class Signal(Part):
    """A measured value: out of the last reconciliation, or of a service by HTTP."""

    id: Identifier
    title: Text
    reconcile: Literal["max_critical_variance", "failed_checks"] | None = None
    http: HttpProbe | None = None
    max_age: Duration = Field(default=parse_duration("24h"))
    baseline: Limit | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.reconcile is None) == (self.http is None):
            raise ValueError("a signal has exactly one of reconcile, http")
        return self


class Condition(Part):
    """A signal against a bound: a limit of its own unit, or a percentage of its baseline."""

    signal: Identifier
    op: Operator
    value: Limit | bool
    of: Literal["baseline"] | None = None

    @model_validator(mode="after")
    def _bound_fits(self) -> Self:
        if self.of and (isinstance(self.value, bool) or self.value.unit != "%"):
            raise ValueError("a bound of a baseline is a percentage, such as 150%")
        if isinstance(self.value, bool) and self.op != "==":
            raise ValueError("a signal that is up or down is compared with ==")
        return self

    def bound(self, baseline: Limit | None) -> Decimal | bool:
        """The bound in the signal's unit; a share of the baseline where the condition says so."""
        if isinstance(self.value, bool):
            return self.value
        if self.of is None:
            return self.value.value
        if baseline is None:
            raise ValueError(f"signal {self.signal} has no baseline")
        return self.value.value / 100 * baseline.value


class Trigger(Part):
    """A condition that warrants rollback. It suggests a plan; it starts nothing by itself."""

    id: Identifier
    title: Text
    when: Condition
    suggests: Identifier

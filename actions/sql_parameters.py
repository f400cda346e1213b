"""The parameters of the `sql` adapter."""

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from actions.sql_statement import Statement, placeholders
from bot.domain.playbook.part import FromEnvironment
from bot.domain.playbook.sources import SourceUrl
from bot.ports.action import Parameters

Literal = bool | int | float | str | None


def _without_password(url: str) -> str:
    if "@" in url or "password=" in url:
        raise ValueError("a URL with a user or password belongs in a setting: url: {env: NAME}")
    return url


class Rows(Parameters):
    """How many rows a statement may affect, both bounds included."""

    min: Annotated[int, Field(ge=0)] = 0
    max: Annotated[int, Field(ge=0)] | None = None

    def allow(self, count: int) -> bool:
        """Whether this many are within the bounds."""
        return self.min <= count and (self.max is None or count <= self.max)

    def __str__(self) -> str:
        if self.max is None:
            return f"at least {self.min}"
        return str(self.min) if self.min == self.max else f"{self.min} to {self.max}"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max is not None and self.max < self.min:
            raise ValueError("max is less than min")
        return self


def _exactly(value: object) -> object:
    return {"min": value, "max": value} if isinstance(value, int) and not isinstance(value, bool) else value


class SqlProbe(Parameters):
    """A query, run read-only, that gives one value; the step has been done when it equals `equals`."""

    query: Statement
    equals: Literal


class SqlParameters(Parameters):
    """One statement against a database. A relative SQLite path counts from the playbook's folder."""

    model_config = ConfigDict(hide_input_in_errors=True)
    open_to_inputs: ClassVar[frozenset[str]] = frozenset({"parameters"})

    url: Annotated[SourceUrl, AfterValidator(_without_password)] | FromEnvironment
    statement: Statement
    parameters: dict[str, Literal] = Field(default_factory=dict)
    expect_rows: Annotated[Rows, BeforeValidator(_exactly)] | None = None
    idempotent: bool = False
    probe: SqlProbe | None = None

    def bound(self, statement: str) -> dict[str, Literal]:
        """The parameters that this statement uses."""
        wanted = placeholders(statement)
        return {name: value for name, value in self.parameters.items() if name in wanted}

    @model_validator(mode="after")
    def _parameters_fit(self) -> Self:
        used = placeholders(self.statement) | (placeholders(self.probe.query) if self.probe else frozenset())
        missing, surplus = used - set(self.parameters), set(self.parameters) - used
        if missing:
            raise ValueError(f"no value is given for :{', :'.join(sorted(missing))}")
        if surplus:
            raise ValueError(f"no statement uses :{', :'.join(sorted(surplus))}")
        return self

"""The checks of a reconciliation, as declared."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.playbook.part import FromEnvironment, Identifier, Part, Sql, Text
from bot.domain.quantities import Duration, Limit, parse_duration

SourceUrl = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9+]*://"),
    Field(description="a database URL such as sqlite:///file.db"),
]


class SourceSpec(Part):
    """A database: an SQLAlchemy URL without a password, or the name of a setting that holds one.

    A relative SQLite path counts from the playbook's folder.
    """

    url: SourceUrl | FromEnvironment
    timeout: Duration = Field(default=parse_duration("30s"))

    @model_validator(mode="after")
    def _no_secret_in_the_file(self) -> Self:
        if isinstance(self.url, str) and "@" in self.url:
            raise ValueError("a URL with a user or password belongs in a setting: url: {env: NAME}")
        return self


class Sources(Part):
    """The two systems that are compared."""

    legacy: SourceSpec
    new: SourceSpec


class Sides(Part):
    """One query for each side."""

    legacy: Sql
    new: Sql


class Growth(Part):
    """A figure now and one period before; the two rates of growth are compared in percentage points."""

    current: Sides
    previous: Sides


class Check(Part):
    """One comparison of legacy and new."""

    id: Identifier
    title: Text
    scalar: Sides | None = None
    grouped: Sides | None = None
    growth: Growth | None = None
    tolerance: Limit = Limit(value="0", unit="%")
    critical: bool = False
    owner: Identifier
    on_fail: Text

    @property
    def kind(self) -> Literal["scalar", "grouped", "growth"]:
        """Which comparison it is."""
        if self.scalar is not None:
            return "scalar"
        return "grouped" if self.grouped is not None else "growth"

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        if sum(part is not None for part in (self.scalar, self.grouped, self.growth)) != 1:
            raise ValueError("a check has exactly one of scalar, grouped, growth")
        if (self.tolerance.unit == "pp") != (self.growth is not None):
            raise ValueError("a growth check has its tolerance in percentage points (0.5pp), no other has")
        if self.tolerance.value < 0:
            raise ValueError("a tolerance is not negative")
        return self


class Reconcile(Part):
    """What a reconciliation of this migration runs."""

    checks: tuple[Check, ...] = Field(min_length=1)

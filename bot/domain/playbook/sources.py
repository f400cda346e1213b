"""The two systems that are compared, and how gently they are asked."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.playbook.part import FromEnvironment, Part
from bot.domain.playbook.places import Side
from bot.domain.quantities import Duration, Limit, parse_duration

SourceUrl = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9+]*://"),
    Field(description="a database URL such as sqlite:///file.db"),
]

MOST_CONNECTIONS = 16


class SourceSpec(Part):
    """A database: an SQLAlchemy URL without a password, or the name of a setting that holds one.

    A relative SQLite path counts from the playbook's folder. `timeout` bounds each query and
    `lock_timeout` the wait for a lock; `connections` is how many queries are asked at once, and
    `throttle` the share of the time in which a row check may keep the source busy.
    """

    url: SourceUrl | FromEnvironment
    timeout: Duration = Field(default=parse_duration("30s"))
    lock_timeout: Duration = Field(default=parse_duration("5s"))
    connections: int = Field(default=2, ge=1, le=MOST_CONNECTIONS)
    throttle: Limit = Limit(value="100", unit="%")

    @model_validator(mode="after")
    def _no_secret_in_the_file(self) -> Self:
        if isinstance(self.url, str) and "@" in self.url:
            raise ValueError("a URL with a user or password belongs in a setting: url: {env: NAME}")
        return self

    @model_validator(mode="after")
    def _a_share_of_the_time(self) -> Self:
        if self.throttle.unit != "%" or not 1 <= self.throttle.value <= 100:
            raise ValueError("a throttle is a share of the time from 1% to 100%")
        return self


class Sources(Part):
    """The two systems that are compared."""

    legacy: SourceSpec
    new: SourceSpec

    def of(self, side: Side) -> SourceSpec:
        """One of both."""
        return self.legacy if side == "legacy" else self.new

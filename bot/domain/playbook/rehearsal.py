"""How a rollback is rehearsed, as declared."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.playbook.part import FromEnvironment, Identifier, Part, Text
from bot.domain.playbook.places import TableName
from bot.domain.playbook.sources import SourceUrl
from bot.domain.quantities import Duration, parse_duration

MOST_SIGNATURES = 3


class Compared(Part):
    """Tables that a rehearsal must leave as they were.

    They are in a database of their own (`url`, in which the environment's values may stand), or in one of
    the playbook's sources. `timeout` bounds the reading of one table.
    """

    id: Identifier
    title: Text
    url: SourceUrl | FromEnvironment | None = None
    source: Literal["legacy", "new"] | None = None
    tables: tuple[TableName, ...] = Field(min_length=1, max_length=50)
    timeout: Duration = Field(default=parse_duration("1m"))

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.url is None) == (self.source is None):
            raise ValueError("the tables are in exactly one of url, source")
        if isinstance(self.url, str) and "@" in self.url:
            raise ValueError("a URL with a user or password belongs in a setting: url: {env: NAME}")
        return self


class Rehearsal(Part):
    """Where rollbacks are rehearsed, what data has to survive one, and who signs its record.

    `forward` is the plan that goes to the new system again afterwards. `within` is the time that the way
    back may take; without it the plan's own budget. Before the cutover, a rehearsal exports what was written
    in the new system within `since`.
    """

    environment: Identifier
    compare: tuple[Compared, ...] = ()
    forward: Identifier | None = None
    within: Duration | None = None
    since: Duration = Field(default=parse_duration("1d"))
    sign_off: tuple[Identifier, ...] = Field(default=(), max_length=MOST_SIGNATURES)

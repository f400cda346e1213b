"""A playbook as a replica loaded it at a start: each other text of it is a version."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, JsonValue

ALTERNATES_WITHIN = timedelta(hours=1)
"""Replicas that go back and forth between two files so fast are not being released; they disagree."""

SETTLES_WITHIN = timedelta(minutes=10)
"""How long replicas may run with different files while a release goes round."""


class PlaybookVersion(BaseModel):
    """A digest that was not that of the version before. `number` counts a migration's versions from 1.

    `replica` loaded it first. `changes` say in words what is different than in the version before.
    """

    model_config = ConfigDict(frozen=True)
    migration: str
    number: int
    digest: str
    loaded_at: datetime
    replica: str
    outline: dict[str, JsonValue]
    changes: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The subject of its message."""
        return f"playbook:{self.migration}:{self.number}"


def alternates(earlier: Sequence[PlaybookVersion], now: PlaybookVersion) -> PlaybookVersion | None:
    """The version of another replica that a replica takes back with the file it had before, a moment later.

    `earlier` are the versions before, newest first. None where a file was changed, or put back in peace.
    """
    if not earlier:
        return None
    last = earlier[0]
    had_it = any(
        one.digest == now.digest and now.loaded_at - one.loaded_at <= ALTERNATES_WITHIN for one in earlier[1:]
    )
    return last if had_it and last.replica != now.replica else None

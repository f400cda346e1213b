"""Who is in a role, asked when it counts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.messages.timeline import in_utc
from bot.domain.playbook.people import Role


@dataclass(frozen=True)
class Members:
    """The people in a role. `as_of` is set when Slack did not answer and a copy was used.

    `group` is the id of the user group they are, by which all of them can be called at once; empty for
    listed people, and where it is not known.
    """

    users: frozenset[str]
    as_of: datetime | None = None
    group: str = field(default="", compare=False)

    @property
    def called(self) -> tuple[str, ...]:
        """The ids to be mentioned when somebody in the role has to act."""
        return (self.group,) if self.group else tuple(sorted(self.users))

    def told(self, role: str) -> str:
        """` (operator as of …: Slack does not answer)` where they are a copy, to be put behind a text."""
        return f" ({role} as of {in_utc(self.as_of)}: Slack does not answer)" if self.as_of else ""


class RoleDirectory(Protocol):
    """Reads the members of a role."""

    async def members(self, role: Role, *, fresh: bool = False) -> Members:
        """Who is in the role now; read anew for this call when `fresh`, else at most seconds ago.

        Raises SourceError when that cannot be known.
        """

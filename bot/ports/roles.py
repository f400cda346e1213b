"""Who is in a role, asked when it counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.playbook.people import Role


@dataclass(frozen=True)
class Members:
    """The people in a role. `as_of` is set when Slack did not answer and a copy was used."""

    users: frozenset[str]
    as_of: datetime | None = None


class RoleDirectory(Protocol):
    """Reads the members of a role."""

    async def members(self, role: Role, *, fresh: bool = False) -> Members:
        """Who is in the role now; read anew for this call when `fresh`, else at most seconds ago.

        Raises SourceError when that cannot be known.
        """

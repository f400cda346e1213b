"""A role directory in memory."""

from datetime import datetime

from bot.domain.errors import SourceError
from bot.domain.playbook.people import Role
from bot.ports.roles import Members


class FakeRoles:
    """User groups by handle. `away` makes every group unknowable, `copied_at` makes them copies.

    `asked` lists what was looked up, each with whether it had to be fresh.
    """

    def __init__(self, groups: dict[str, set[str]]) -> None:
        self.groups = groups
        self.away = False
        self.copied_at: datetime | None = None
        self.asked: list[tuple[str, bool]] = []

    async def members(self, role: Role, *, fresh: bool = False) -> Members:
        if role.usergroup is None:
            return Members(frozenset(role.users))
        self.asked.append((role.usergroup, fresh))
        if self.away:
            raise SourceError(f"Who is in @{role.usergroup} cannot be known")
        group = f"S0{role.usergroup.upper()}"
        return Members(frozenset(self.groups[role.usergroup]), as_of=self.copied_at, group=group)

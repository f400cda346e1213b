"""What waits for a person: each kind of it says so for itself."""

from typing import Protocol

from bot.domain.errors import SourceError
from bot.domain.playbook.document import Playbook
from bot.domain.waiting import WaitingItem
from bot.ports.roles import RoleDirectory


class OwnRoles:
    """The roles of one person, each read once. `unknown` says which could not be read, and why."""

    def __init__(self, *, roles: RoleDirectory, person: str) -> None:
        self.person = person
        self.unknown: list[str] = []
        self._roles = roles
        self._known: dict[str, bool] = {}

    async def has(self, playbook: Playbook, role: str) -> bool:
        """Whether the person is in a role of a playbook; not where that cannot be known."""
        declared = playbook.roles.get(role)
        if declared is None:
            return False
        key = declared.model_dump_json()
        if key not in self._known:
            try:
                self._known[key] = self.person in (await self._roles.members(declared)).users
            except SourceError as error:
                self._known[key] = False
                self.unknown.append(str(error))
        return self._known[key]


class WaitsFor(Protocol):
    """One kind of thing that waits for people."""

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """Those that wait for this person now. Raises StoreError."""

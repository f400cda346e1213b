"""What gates ask outside before any transaction: who is in a role, documents, what is compared."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import SourceError
from bot.domain.gates.coverage import SIDES, CoverageSeen, SideCovered
from bot.domain.gates.documents import DocumentSeen
from bot.domain.messages.timeline import in_utc
from bot.domain.playbook.criteria import (
    ContactsCurrent,
    Covered,
    Criterion,
    DocumentPresent,
    EachPerson,
    SignOff,
    Vote,
)
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.ports.coverage import Coverage, CoverageReader
from bot.ports.documents import LooksForDocuments
from bot.ports.roles import RoleDirectory


@dataclass(frozen=True)
class NotKnown:
    """Why it cannot be known who is in a role."""

    why: str


@dataclass(frozen=True)
class SeenOutside:
    """What was found: the people of roles, documents, and what of both sides is compared."""

    members: dict[str, frozenset[str] | NotKnown]
    documents: dict[str, DocumentSeen]
    coverage: CoverageSeen | None


class GateOutside:
    """Asks for all that some criteria need, at once, and each thing once."""

    def __init__(
        self, *, roles: RoleDirectory, documents: LooksForDocuments, coverage: CoverageReader
    ) -> None:
        self._roles = roles
        self._documents = documents
        self._coverage = coverage

    async def look(self, loaded: LoadedPlaybook, criteria: Iterable[Criterion]) -> SeenOutside:
        """Everything that these criteria need. What cannot be read is said so, never an exception."""
        wanted = tuple(criteria)
        roles = sorted({role for one in wanted if (role := role_of(one)) is not None})
        documents = sorted({one.document for one in wanted if isinstance(one, DocumentPresent)})
        members, seen, coverage = await asyncio.gather(
            asyncio.gather(*(self._members(loaded, role) for role in roles)),
            asyncio.gather(*(self._documents.look(loaded.folder, one) for one in documents)),
            self._compared(loaded, wanted),
        )
        return SeenOutside(
            members=dict(zip(roles, members, strict=True)),
            documents=dict(zip(documents, seen, strict=True)),
            coverage=coverage,
        )

    async def _compared(self, loaded: LoadedPlaybook, wanted: tuple[Criterion, ...]) -> CoverageSeen | None:
        if not any(isinstance(one, Covered) for one in wanted):
            return None
        return coverage_seen(await self._coverage.read(loaded))

    async def _members(self, loaded: LoadedPlaybook, role: str) -> frozenset[str] | NotKnown:
        try:
            found = await self._roles.members(loaded.playbook.roles[role], fresh=True)
        except SourceError as error:
            return NotKnown(error.what)
        if found.as_of is not None:
            return NotKnown(f"who is {role} is known as of {in_utc(found.as_of)} only: Slack does not answer")
        return found.users


def role_of(criterion: Criterion) -> str | None:
    """The role whose people settle it; None where none do."""
    match criterion:
        case SignOff():
            return criterion.sign_off
        case EachPerson():
            return criterion.each
        case ContactsCurrent():
            return criterion.contacts
        case Vote():
            return criterion.vote
        case _:
            return None


def coverage_seen(read: Coverage) -> CoverageSeen:
    """Of each side that could be read, how many of its columns some check compares."""
    sides = {}
    for side in SIDES:
        if side in read.columns_of:
            left = sum(len(one.columns) for one in read.uncompared if one.side == side)
            sides[side] = SideCovered(read.columns_of[side] - left, read.columns_of[side])
    return CoverageSeen(sides, read.problems)

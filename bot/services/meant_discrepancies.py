"""Which discrepancies a person means: one, or all that are open of a check, as they were shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.discrepancy import Discrepancy
from bot.domain.errors import SupersededError
from bot.store.store import Transaction


@dataclass(frozen=True)
class One:
    """A discrepancy, as it was shown in a version."""

    id: str
    version: int


@dataclass(frozen=True)
class AllOf:
    """Every open discrepancy of a check that is as it was shown; what came or changed later is not meant."""

    migration: str
    check: str
    shown_at: datetime


Meant = One | AllOf


async def example_of(tx: Transaction, meant: Meant) -> Discrepancy:
    """One of those that are meant, for what all of a check have in common.

    Raises UnknownNameError, and SupersededError when none is left.
    """
    if isinstance(meant, One):
        return await tx.discrepancies.get(meant.id)
    found = [one for one in await tx.discrepancies.listed(meant.migration) if one.check == meant.check]
    if not found:
        raise SupersededError(what_happened(()))
    return found[0]


async def held(tx: Transaction, meant: Meant) -> tuple[Discrepancy, ...]:
    """Those that may be meant, to be changed. Raises UnknownNameError."""
    if isinstance(meant, One):
        return (await tx.discrepancies.held(meant.id),)
    return await tx.discrepancies.held_of(meant.migration, [meant.check])


def is_meant(entry: Discrepancy, meant: Meant) -> bool:
    """Whether an entry, as it is today, is one of them."""
    return isinstance(meant, One) or (entry.open and entry.changed_at <= meant.shown_at)


def what_happened(entries: Sequence[Discrepancy]) -> str:
    """Why nothing is left to be decided: the last change of all."""
    if not entries:
        return "Everything that this check found is fixed meanwhile"
    return max(entries, key=lambda one: one.changed_at).what_happened()

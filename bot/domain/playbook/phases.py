"""Phases of a migration, and who may roll back in each."""

from typing import Annotated, Literal

from pydantic import Field

from bot.domain.playbook.part import Identifier, Part

PhaseKind = Literal["shadow", "pilot", "parallel", "cutover", "grace", "decommissioned"]


class RollbackRight(Part):
    """The role whose members may roll back.

    `quorum` is how many other people of that role have to approve before a rollback starts.
    """

    role: Identifier
    quorum: Annotated[int, Field(ge=0, le=20)] = 0


class Phase(Part):
    """A named phase of a kind; `rollback: never` where there is nothing to go back to."""

    id: Identifier
    kind: PhaseKind
    rollback: RollbackRight | Literal["never"]

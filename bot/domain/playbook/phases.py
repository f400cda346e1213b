"""Phases of a migration, and who may roll back in each."""

from typing import Literal

from bot.domain.playbook.part import Identifier, Part

PhaseKind = Literal["shadow", "pilot", "parallel", "cutover", "grace", "decommissioned"]


class RollbackRight(Part):
    """The role whose members may roll back."""

    role: Identifier


class Phase(Part):
    """A named phase of a kind; `rollback: never` where there is nothing to go back to."""

    id: Identifier
    kind: PhaseKind
    rollback: RollbackRight | Literal["never"]

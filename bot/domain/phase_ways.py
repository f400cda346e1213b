"""Where a migration goes from the phase it is in, and where it came from, by its moves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.phase_move import PhaseMove
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.phases import Phase, PhaseKind

AFTER_CUTOVER: tuple[PhaseKind, ...] = ("cutover", "grace", "decommissioned")
"""Kinds of phases in which people work with the new system, or are on their way."""


def phase_of(playbook: Playbook, phase_id: str) -> Phase | None:
    """The phase of that id; None for one that the playbook no longer has."""
    return next((phase for phase in playbook.phases if phase.id == phase_id), None)


def cut_over(playbook: Playbook, moves: Sequence[PhaseMove]) -> PhaseMove | None:
    """The move with which the migration was cut over, and has not gone back since; None before that."""
    found: PhaseMove | None = None
    for move in moves:
        found = (found or move) if _is_after(playbook, move.phase) else None
    return found


def before_cutover(playbook: Playbook, moves: Sequence[PhaseMove]) -> Phase | None:
    """The phase that a rollback leads to: the last one before the cutover that the migration was in, else the
    one that stands before it in the playbook."""
    for move in reversed(moves):
        phase = phase_of(playbook, move.phase)
        if phase is not None and phase.kind not in AFTER_CUTOVER:
            return phase
    earlier = [phase for phase in playbook.phases if phase.kind not in AFTER_CUTOVER]
    return earlier[-1] if earlier else None


def next_of_kind(playbook: Playbook, kind: PhaseKind) -> Phase | None:
    """The first phase of a kind after the present one; None where the playbook has none."""
    ids = [phase.id for phase in playbook.phases]
    later = playbook.phases[ids.index(playbook.phase) + 1 :]
    return next((phase for phase in later if phase.kind == kind), None)


def previous(playbook: Playbook) -> Phase | None:
    """The phase before the present one; None in the first."""
    ids = [phase.id for phase in playbook.phases]
    index = ids.index(playbook.phase)
    return playbook.phases[index - 1] if index else None


def ends_at(playbook: Playbook, move: PhaseMove) -> datetime | None:
    """When the phase of a move is meant to end: as it was extended, or by how long it lasts."""
    phase = phase_of(playbook, move.phase)
    lasts: timedelta | None = phase.lasts if phase else None
    return move.extended_to or (None if lasts is None else move.since + lasts)


def _is_after(playbook: Playbook, phase_id: str) -> bool:
    phase = phase_of(playbook, phase_id)
    return phase is not None and phase.kind in AFTER_CUTOVER

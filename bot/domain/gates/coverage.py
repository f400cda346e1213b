"""A criterion that rests on how much of both sides some check compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.playbook.criteria import Covered
from bot.domain.playbook.places import Side
from bot.domain.quantities import plain, rounded_keeping

SIDES: tuple[Side, Side] = ("legacy", "new")


@dataclass(frozen=True)
class SideCovered:
    """Columns of one side: how many some check compares, of how many."""

    compared: int
    columns: int


@dataclass(frozen=True)
class CoverageSeen:
    """Both sides as they were read now; one that could not be read is missing, and `problems` say why."""

    sides: Mapping[Side, SideCovered]
    problems: tuple[str, ...] = ()


def covered(asked: Asked, criterion: Covered, seen: CoverageSeen) -> CriterionResult:
    """Each side has at least that share of its columns compared."""
    how = "catalogues of both sides read now"
    missing = [side for side in SIDES if side not in seen.sides]
    if missing:
        why = "; ".join(seen.problems) or "its catalogue cannot be read"
        return asked.unknown(f"{' and '.join(missing)} cannot be read: {why}", how=how)
    wanted = criterion.coverage.value
    low = [side for side in SIDES if _share(seen.sides[side]) < wanted]
    told = ", ".join(f"{side} {_told(seen.sides[side], wanted)}" for side in SIDES)
    doubt = f"; not counted: {'; '.join(seen.problems)}" if seen.problems else ""
    return asked.settled(
        not low,
        f"{told} ({criterion.coverage} needed){doubt}",
        how=how,
        as_of=asked.now,
        allowed=None,
        evidence=(f"{side}:{seen.sides[side].compared}/{seen.sides[side].columns}" for side in SIDES),
    )


def _share(side: SideCovered) -> Decimal:
    return Decimal(side.compared * 100) / side.columns if side.columns else Decimal(0)


def _told(side: SideCovered, wanted: Decimal) -> str:
    share = rounded_keeping(_share(side), lambda value: value >= wanted)
    return f"{plain(share)}% ({side.compared} of {side.columns} columns)"

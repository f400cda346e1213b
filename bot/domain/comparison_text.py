"""Differences as people read them: `+0.31%`, `+0.35 pp`, `2 of 7 groups differ`."""

from decimal import Decimal

from bot.domain.quantities import Limit, plain, rounded

NEW_FROM_ZERO = "new from zero"
SAME = "0"


def signed(variance: Decimal, tolerance: Limit) -> str:
    """A variance with its sign and the unit of its tolerance.

    Percentages are rounded, never across the tolerance; plain units are shown in full.
    """
    if not variance:
        return SAME
    number = variance if tolerance.unit == "" else rounded(variance, limit=tolerance.value)
    sign = "+" if variance > 0 else ""
    unit = " pp" if tolerance.unit == "pp" else tolerance.unit
    return f"{sign}{plain(number)}{unit}"


def count_of_groups(count: int) -> str:
    """How many groups a side has."""
    return "1 group" if count == 1 else f"{plain(Decimal(count))} groups"


def differing_groups(differing: int, total: int) -> str:
    """How many of the groups of both sides differ."""
    if not differing:
        return SAME
    verb = "differs" if differing == 1 else "differ"
    return f"{plain(Decimal(differing))} of {count_of_groups(total)} {verb}"

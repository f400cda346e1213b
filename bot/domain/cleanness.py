"""Whether a result counts as clean, with what the register knows of it."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.discrepancy import Discrepancy
from bot.domain.sighting import sighting

Cleanness = Literal["clean", "explained", "not clean"]
"""`explained` is clean too, but not without a word: everything that differs is explained or accepted."""


def cleanness(
    result: CheckResult, known: Iterable[Discrepancy], *, explained_is_clean: bool, day: date
) -> Cleanness:
    """Of one result. `known` are the entries of its check once the result is carried over into the register.

    A check that passed is clean, one that could not be done or says nothing is not. A failed one is
    `explained` only where the playbook says `explained_is_clean` and every entry that is present is
    explained, or accepted to the end of `day` or longer; one thing that is not in the register is enough for
    “not clean”.
    """
    if result.status == "passed":
        return "clean"
    if result.status != "failed" or not explained_is_clean:
        return "not clean"
    present = {one.name: one.as_of(day) for one in known if one.check == result.check and one.present}
    found = sighting(result)
    named = {seen.name for seen in found.seen} if found else set()
    if not present or named - present.keys() or any(one.open for one in present.values()):
        return "not clean"
    return "explained"


def overall_cleanness(
    reconciled: Reconciled, known: Iterable[Discrepancy], *, explained_is_clean: bool, day: date
) -> Cleanness:
    """Of a reconciliation: that of its worst result; without any result it is not clean."""
    entries = tuple(known)
    each = {
        cleanness(result, entries, explained_is_clean=explained_is_clean, day=day)
        for result in reconciled.results
    }
    if not each or "not clean" in each:
        return "not clean"
    return "explained" if "explained" in each else "clean"

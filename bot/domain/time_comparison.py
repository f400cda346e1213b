"""Comparison of times: how old the newest one is, and how far one side is behind the other."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.check_result import CheckResult, Found
from bot.domain.check_verdict import result_of
from bot.domain.comparison_text import SAME
from bot.domain.moment import CLOCKS_APART, age_text, written
from bot.domain.playbook.checks import Check
from bot.domain.playbook.places import Side


def compare_freshness(
    check: Check, newest: Mapping[Side, datetime], *, at_most: timedelta, now: datetime
) -> CheckResult:
    """How old the newest time of each side is that is asked. One exactly at the limit passes.

    A time in the future fails: it would pass for fresh for as long as nobody looks.
    """
    found = []
    for side, at in newest.items():
        if wrong := _in_the_future(at, now):
            found.append(Found(name=side, text=f"{side}: {wrong}"))
        elif now - at > at_most:
            found.append(Found(name=side, text=f"{side}: {age_text(now - at)} old"))
    oldest = min(newest.values())
    future = next((one.text for one in found if "future" in one.text), "")
    return result_of(
        check,
        status="failed" if found else "passed",
        legacy=_text(newest.get("legacy")),
        new=_text(newest.get("new")),
        difference=future or f"{age_text(now - oldest)} old",
        found=tuple(found),
    )


def compare_lag(
    check: Check, legacy: datetime, new: datetime, *, at_most: timedelta, now: datetime
) -> CheckResult:
    """How far the new side's newest time is behind legacy's; with a time in the future that says nothing."""
    behind = legacy - new
    found = [
        Found(name=side, text=f"{side}: {wrong}")
        for side, at in (("legacy", legacy), ("new", new))
        if (wrong := _in_the_future(at, now))
    ]
    difference = f"{age_text(behind)} behind" if behind > timedelta() else _ahead(-behind)
    if not found and behind > at_most:
        found = [Found(name="new", text=f"new: {difference}")]
    return result_of(
        check,
        status="failed" if found else "passed",
        legacy=_text(legacy),
        new=_text(new),
        difference=found[0].text if found and "future" in found[0].text else difference,
        found=tuple(found),
    )


def _in_the_future(at: datetime, now: datetime) -> str:
    if at - now <= CLOCKS_APART:
        return ""
    return f"its newest time is {age_text(at - now)} in the future; a clock or a zone is wrong"


def _ahead(by: timedelta) -> str:
    return f"{age_text(by)} ahead" if by else SAME


def _text(at: datetime | None) -> str:
    return "" if at is None else written(at)

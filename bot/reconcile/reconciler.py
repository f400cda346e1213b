"""Runs a playbook's checks against its two sources."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.comparison import Periods, compare_grouped, compare_growth, compare_scalar, error_result
from bot.domain.errors import SourceError, UnknownNameError
from bot.domain.playbook.checks import Check, Figures, Growth
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.sources import SourceSpec
from bot.ports.clock import Clock
from bot.ports.reconciler import Unwatched, Watch
from bot.ports.source import Source
from bot.reconcile.engines import CONNECTIONS
from bot.reconcile.figures import figure_sql
from bot.reconcile.opening import Secrets, open_source

OpenSource = Callable[[str, SourceSpec, Path, Secrets], Source]

T = TypeVar("T")


@dataclass(frozen=True)
class _Pair:
    legacy: Source
    new: Source


class PlaybookReconciler:
    """Implements `bot.ports.reconciler.Reconciler`.

    Two checks run at once, each asking both sides together: two queries a source at any time. `secret`
    gives the value of a named setting, or raises SettingsError; a source without its setting makes each
    of its checks an error.
    """

    def __init__(self, *, clock: Clock, secret: Secrets, open_source: OpenSource = open_source) -> None:
        self._clock = clock
        self._secret = secret
        self._open_source = open_source

    async def run(
        self, loaded: LoadedPlaybook, *, only: frozenset[str] | None = None, watch: Watch | None = None
    ) -> Reconciled:
        """All checks, or those of the given ids; failed ones first (the worst before all), then errors.

        Raises UnknownNameError for an id that no check has. `watch` is told one result at a time.
        """
        checks, follower = _chosen(loaded, only), watch or Unwatched()
        places = asyncio.Semaphore(CONNECTIONS)
        telling = asyncio.Lock()
        results: dict[str, CheckResult] = {}

        async def check_one(check: Check, pair: _Pair) -> None:
            async with places:
                result = await self._check(check, pair)
            async with telling:
                results[check.id] = result
                await follower.checked(len(results), len(checks), result)

        async with self._sources(loaded) as pair, asyncio.TaskGroup() as tasks:
            for check in checks:
                tasks.create_task(check_one(check, pair))
        ordered = sorted((results[check.id] for check in checks), key=CheckResult.worst_first)
        return Reconciled(results=tuple(ordered))

    @asynccontextmanager
    async def _sources(self, loaded: LoadedPlaybook) -> AsyncIterator[_Pair]:
        specs = loaded.playbook.sources
        legacy = self._open_source("legacy", specs.legacy, loaded.folder, self._secret)
        new = self._open_source("new", specs.new, loaded.folder, self._secret)
        try:
            yield _Pair(legacy, new)
        finally:
            await asyncio.gather(legacy.close(), new.close())

    async def _check(self, check: Check, pair: _Pair) -> CheckResult:
        started = self._clock.monotonic()
        try:
            result = await _compared(check, pair)
        except SourceError as error:
            result = error_result(check, str(error))
        elapsed = round((self._clock.monotonic() - started) * 1000)
        return result.model_copy(update={"milliseconds": elapsed})


def _chosen(loaded: LoadedPlaybook, only: frozenset[str] | None) -> list[Check]:
    checks = loaded.playbook.reconcile.checks
    known = [check.id for check in checks]
    for name in sorted(only or ()):
        if name not in known:
            raise UnknownNameError("check", name, known)
    return [check for check in checks if only is None or check.id in only]


async def _compared(check: Check, pair: _Pair) -> CheckResult:
    if (sides := check.scalar) is not None:
        return compare_scalar(
            check,
            *await _both(
                pair.legacy.scalar(figure_sql(sides.legacy)), pair.new.scalar(figure_sql(sides.new))
            ),
        )
    if (groups := check.grouped) is not None:
        return compare_grouped(
            check, *await _both(pair.legacy.grouped(groups.legacy), pair.new.grouped(groups.new))
        )
    if (growth := check.growth) is not None:
        return compare_growth(check, *await _periods(growth, pair))
    raise SourceError(f"a {check.kind} check is not compared yet")


async def _figures(sides: Figures, pair: _Pair) -> tuple[Decimal, Decimal]:
    return await _both(pair.legacy.scalar(figure_sql(sides.legacy)), pair.new.scalar(figure_sql(sides.new)))


async def _periods(growth: Growth, pair: _Pair) -> tuple[Periods, Periods]:
    previous, current = await _figures(growth.previous, pair), await _figures(growth.current, pair)
    return Periods(previous[0], current[0]), Periods(previous[1], current[1])


async def _both(legacy: Awaitable[T], new: Awaitable[T]) -> tuple[T, T]:
    """Both sides asked together. What either side has to say about not answering is said in one error."""
    answers = await asyncio.gather(legacy, new, return_exceptions=True)
    problems: list[SourceError] = []
    values: list[T] = []
    for answer in answers:
        if isinstance(answer, SourceError):
            problems.append(answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            values.append(answer)
    if problems:
        raise SourceError("; ".join(str(problem) for problem in problems))
    return values[0], values[1]

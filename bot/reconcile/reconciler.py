"""Runs a playbook's checks against its two sources."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.check_verdict import error_result, unknown_result
from bot.domain.errors import SourceError, UnknownNameError
from bot.domain.playbook.checks import READY, Check
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.sources import SourceSpec
from bot.ports.clock import Clock
from bot.ports.reconciler import Unwatched, Watch
from bot.ports.source import Source
from bot.reconcile.calling_off import unless_called_off
from bot.reconcile.checks.comparisons import COMPARISONS
from bot.reconcile.opening import Secrets, open_source
from bot.reconcile.pair import Asked, Pair, both
from bot.reconcile.ready import ask_readiness
from bot.reconcile.shared_scans import SharedScans, figures_of
from bot.reconcile.when_asked import ComparesRows, RowComparerWhenAsked

OpenSource = Callable[[str, SourceSpec, Path, Secrets], Source]


class PlaybookReconciler:
    """Implements `bot.ports.reconciler.Reconciler`.

    First both sides' snapshots are taken together, and `ready_when` is asked. Then as many checks run at
    once as a source allows questions, each asking both sides together. Row checks come last, one after the
    other, when the snapshots have been given back. `secret` gives the value of a named setting, or raises
    SettingsError; a source without its setting makes each of its checks an error.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        secret: Secrets,
        open_source: OpenSource = open_source,
        rows: ComparesRows | None = None,
    ) -> None:
        self._clock = clock
        self._secret = secret
        self._open_source = open_source
        self._rows = rows if rows is not None else RowComparerWhenAsked(clock=clock, secret=secret)

    async def run(
        self, loaded: LoadedPlaybook, *, only: frozenset[str] | None = None, watch: Watch | None = None
    ) -> Reconciled:
        """All checks, or those of the given ids; failed ones first (the worst before all), then errors.

        With `ready_when` its result stands before all others that are as good or bad. Raises
        UnknownNameError for an id that no check has, and CalledOffError. `watch` is told one result at a
        time.
        """
        checks, follower = _chosen(loaded, only), watch or Unwatched()
        return await unless_called_off(self._run(loaded, checks, follower), follower.cancelled)

    async def _run(self, loaded: LoadedPlaybook, checks: Sequence[Check], watch: Watch) -> Reconciled:
        ready_when = loaded.playbook.reconcile.ready_when
        results = _Results(checks, watch, total=len(checks) + (ready_when is not None))
        waiting = ""
        async with self._sources(loaded, checks) as pair:
            # Row checks take their own.
            read = ready_when is not None or any(check.kind != "rows" for check in checks)
            kept = read and await _snapshots(pair)
            snapshot_at = self._clock.now() if kept else None
            if ready_when is not None:
                readiness = await ask_readiness(loaded.playbook.reconcile, ready_when, pair)
                waiting = readiness.waiting
                await results.add(readiness.result)
            if not waiting:
                await self._check_all(loaded, checks, pair, results)
        for check in checks:
            if waiting:
                await results.add(unknown_result(check, waiting))
            elif check.kind == "rows":
                await results.add(await self._rows.compare(check, loaded, watch))
        return Reconciled(results=results.ordered(), snapshot_at=snapshot_at)

    async def _check_all(
        self, loaded: LoadedPlaybook, checks: Sequence[Check], pair: Pair, results: "_Results"
    ) -> None:
        sources = loaded.playbook.sources
        places = asyncio.Semaphore(max(sources.legacy.connections, sources.new.connections))

        async def check_one(check: Check) -> None:
            async with places:
                result = await self._check(check, pair)
            await results.add(result)

        async with asyncio.TaskGroup() as tasks:
            for check in checks:
                if check.kind != "rows":
                    tasks.create_task(check_one(check))

    @asynccontextmanager
    async def _sources(self, loaded: LoadedPlaybook, checks: Sequence[Check]) -> AsyncIterator[Pair]:
        specs = loaded.playbook.sources
        legacy = self._open_source("legacy", specs.legacy, loaded.folder, self._secret)
        new = self._open_source("new", specs.new, loaded.folder, self._secret)
        try:
            yield Pair(
                legacy=Asked(legacy, SharedScans(legacy, figures_of(checks, "legacy"))),
                new=Asked(new, SharedScans(new, figures_of(checks, "new"))),
                clock=self._clock,
            )
        finally:
            await asyncio.gather(legacy.close(), new.close())

    async def _check(self, check: Check, pair: Pair) -> CheckResult:
        started = self._clock.monotonic()
        try:
            result = await COMPARISONS[check.kind](check, pair)
        except SourceError as error:
            result = error_result(check, str(error))
        elapsed = round((self._clock.monotonic() - started) * 1000)
        return result.model_copy(update={"milliseconds": elapsed})


class _Results:
    """The results so far, told to who watches one at a time."""

    def __init__(self, checks: Sequence[Check], watch: Watch, *, total: int) -> None:
        self._order = [READY, *(check.id for check in checks)]
        self._watch = watch
        self._total = total
        self._telling = asyncio.Lock()
        self._results: dict[str, CheckResult] = {}

    async def add(self, result: CheckResult) -> None:
        async with self._telling:
            self._results[result.check] = result
            await self._watch.checked(len(self._results), self._total, result)

    def ordered(self) -> tuple[CheckResult, ...]:
        known = [self._results[name] for name in self._order if name in self._results]
        return tuple(sorted(known, key=CheckResult.worst_first))


async def _snapshots(pair: Pair) -> bool:
    """Both sides' snapshots, taken together. A side that does not answer says so to each check."""
    try:
        return all(await both(pair.legacy.source.snapshot(), pair.new.source.snapshot()))
    except SourceError:
        return False


def _chosen(loaded: LoadedPlaybook, only: frozenset[str] | None) -> list[Check]:
    reconcile = loaded.playbook.reconcile
    known = [check.id for check in reconcile.checks] + ([READY] if reconcile.ready_when else [])
    for name in sorted(only or ()):
        if name not in known:
            raise UnknownNameError("check", name, known)
    return [check for check in reconcile.checks if only is None or check.id in only]

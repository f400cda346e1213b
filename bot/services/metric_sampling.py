"""Samples of the signals that gates rest on: one for each moment that one is due, however many replicas."""

from datetime import UTC, datetime, timedelta

from bot.domain.playbook.document import Playbook
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.gate_records import metric_criteria, reach_of, sampling
from bot.services.looking import look_at_each
from bot.services.measuring import MeasuresSignals
from bot.store.store import Store

# Beyond what any window reaches, for who asks afterwards what a gate rested on.
KEPT_LONGER = timedelta(days=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MetricSampling:
    """Looks at the clock, and measures what is due."""

    name = "metric_sampling"
    every = 10.0

    def __init__(self, *, catalog: Catalog, signals: MeasuresSignals, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._signals = signals
        self._store = store
        self._clock = clock

    async def look(self) -> None:
        """Look once at every migration; a moment that passes while the database is away has no sample."""
        await look_at_each(self._catalog, self._sample, name=self.name)

    async def _sample(self, loaded: LoadedPlaybook) -> None:
        playbook, now = loaded.playbook, self._clock.now()
        due = {signal: due_at(now, every) for signal, every in sampling(playbook).items()}
        if not due:
            return
        migration = playbook.migration
        async with self._store.reading() as tx:
            wanted = [
                name for name, at in due.items() if not await tx.metric_samples.has(migration, name, due=at)
            ]
        if not wanted:
            return
        measured = await self._signals.measure_all(loaded, wanted)
        async with self._store.transaction(later=True) as tx:
            for sample in measured:
                # Who comes second with a moment leaves the first one's sample.
                await tx.metric_samples.add(migration, sample, due=due[sample.signal])
                reach = _longest(playbook, sample.signal) + KEPT_LONGER
                await tx.metric_samples.forget(migration, sample.signal, before=now - reach)


def due_at(now: datetime, every: timedelta) -> datetime:
    """The last moment that a sample was due at: the same for every replica."""
    return now - (now - _EPOCH) % every


def _longest(playbook: Playbook, signal: str) -> timedelta:
    return max(reach_of(one) for one in metric_criteria(playbook) if one.metric == signal)

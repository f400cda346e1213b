"""Measures what stands beside a question, in a durable job."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.services.catalog import Catalog
from bot.services.walk_display import WalkDisplay
from bot.store.store import Store


class MeasuresSignals(Protocol):
    """Measures several signals at once."""

    async def measure_all(self, loaded: LoadedPlaybook, ids: Sequence[str]) -> list[Measurement]:
        """The signals of the given ids, in that order; what cannot be measured is unknown."""


class MeasuringService:
    """Fills in what is measured for an open question."""

    def __init__(
        self, *, catalog: Catalog, signals: MeasuresSignals, display: WalkDisplay, store: Store
    ) -> None:
        self._catalog = catalog
        self._signals = signals
        self._display = display
        self._store = store

    async def measure(self, walk_id: str, version: int) -> None:
        """The durable job `measure`. A walk that has moved on is left alone."""
        async with self._store.reading() as tx:
            walk = await tx.walks.get(walk_id)
        loaded = self._catalog.get(walk.migration)
        question = walk.question(loaded.playbook)
        if walk.version != version or question is None:
            return
        measured = await self._signals.measure_all(loaded, question.signals)
        async with self._store.transaction(later=True) as tx:
            filled = await tx.walks.fill_in(walk, measured=tuple(measured))
            if filled is not None:
                await self._display.show(tx, filled)

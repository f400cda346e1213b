"""What Prometheus reads of the bot, measured when it asks."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.domain.messages.gates import passing
from bot.domain.playbook.document import PRODUCTION
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.summary_state import summary_state
from bot.store.store import Store, Transaction


class Metrics:
    """Gauges over the store. `connected` says whether Slack reaches the bot."""

    def __init__(
        self, *, store: Store, catalog: Catalog, clock: Clock, connected: Callable[[], bool]
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._connected = connected

    async def text(self) -> bytes:
        """All of them in Prometheus's text format. Raises StoreError while the database is away."""
        registry = CollectorRegistry()
        connected = Gauge("switchback_slack_connected", "1 when Slack reaches the bot", registry=registry)
        connected.set(self._connected())
        async with self._store.reading() as tx:
            await self._messages(tx, registry)
            await self._runs(tx, registry)
            await self._reconciliations(tx, registry)
            await self._summaries(tx, registry)
            await self._gates(tx, registry)
        return generate_latest(registry)

    async def _messages(self, tx: Transaction, registry: CollectorRegistry) -> None:
        waiting = Gauge("switchback_outbox_messages", "Messages that wait to be sent", registry=registry)
        age = Gauge("switchback_outbox_oldest_seconds", "Age of the oldest of them", registry=registry)
        count, oldest = await tx.delivery.backlog()
        waiting.set(count)
        age.set(max(0.0, (self._clock.now() - oldest).total_seconds()) if oldest else 0)

    async def _runs(self, tx: Transaction, registry: CollectorRegistry) -> None:
        active = Gauge("switchback_runs_active", "Runs under way", ["migration", "status"], registry=registry)
        for run in await tx.runs.active(environment=PRODUCTION):
            active.labels(run.migration, run.status).inc()

    async def _reconciliations(self, tx: Transaction, registry: CollectorRegistry) -> None:
        last = Gauge(
            "switchback_reconciliation_last_timestamp_seconds",
            "When the last reconciliation ended",
            ["migration"],
            registry=registry,
        )
        failed = Gauge(
            "switchback_reconciliation_failed_checks",
            "Checks of the last reconciliation that failed or could not be done",
            ["migration"],
            registry=registry,
        )
        for migration in self._catalog.migrations:
            found = await tx.reconciliations.latest(migration)
            if found is not None and found.ended_at is not None and found.reconciled is not None:
                last.labels(migration).set(found.ended_at.timestamp())
                failed.labels(migration).set(found.reconciled.failed + found.reconciled.errors)

    async def _summaries(self, tx: Transaction, registry: CollectorRegistry) -> None:
        last, due, clean = (
            Gauge(f"switchback_{name}", text, ["migration"], registry=registry)
            for name, text in (
                ("summary_last_timestamp_seconds", "When the last daily summary was made that arrived"),
                (
                    "summary_due_timestamp_seconds",
                    "When the next one has to be there; past while it is overdue",
                ),
                ("clean_days", "Clean days in a row"),
            )
        )
        for loaded in self._catalog:
            state = await summary_state(tx, loaded, now=self._clock.now())
            if state is None:
                continue
            migration = loaded.playbook.migration
            due.labels(migration).set(state.expected.timestamp())
            clean.labels(migration).set(state.clean_days)
            if state.told_at is not None:
                last.labels(migration).set(state.told_at.timestamp())

    async def _gates(self, tx: Transaction, registry: CollectorRegistry) -> None:
        """As they were evaluated last: who scrapes does not read any evidence."""
        passes, declared, last = (
            Gauge(f"switchback_gates_{name}", text, ["migration"], registry=registry)
            for name, text in (
                ("passing", "Gates that passed when they were evaluated last"),
                ("declared", "Gates that were evaluated last"),
                ("last_timestamp_seconds", "When the gates were evaluated last"),
            )
        )
        for migration in self._catalog.migrations:
            for made in await tx.gate_evaluations.latest(migration):
                passes.labels(migration).set(passing(made.board))
                declared.labels(migration).set(len(made.board.gates))
                last.labels(migration).set(made.board.at.timestamp())

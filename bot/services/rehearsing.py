"""The course of a rehearsal: data is read, the way back runs, data is read again, and forward once more.

Between its runs a durable job reads the data. What is next is in the rehearsal's status: a job that comes
twice finds it changed, and does nothing.
"""

from collections.abc import Awaitable, Callable

from bot.domain.errors import UnknownNameError
from bot.domain.messages.rehearsal import RehearsalFacts
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.rehearsal import Rehearsed
from bot.domain.rehearsal_evidence import evidence
from bot.domain.run import Run
from bot.domain.run_replacement import predecessor_ids
from bot.domain.table_state import TableState, differences
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.ports.clock import Clock
from bot.ports.table_reader import TableReader
from bot.services.catalog import Catalog
from bot.services.starting import run_of
from bot.store.store import Store, Transaction

JOB = "rehearse"


class Rehearsing:
    """Brings rehearsals forward, and is told when one of their runs is over."""

    def __init__(self, *, catalog: Catalog, tables: TableReader, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._tables = tables
        self._store = store
        self._clock = clock

    async def run_finished(self, tx: Transaction, run: Run) -> None:
        """Have the data read again after a run that is done."""
        await self._run_is_over(tx, run)

    async def run_aborted(self, tx: Transaction, run: Run) -> None:
        """End the rehearsal: it came to nothing."""
        await self._run_is_over(tx, run)

    async def enqueue(self, tx: Transaction, rehearsal: Rehearsed) -> None:
        """Have what is next done by the bot."""
        job_id = f"{JOB}:{rehearsal.id}:{rehearsal.status}"
        await tx.enqueue(JOB, job_id=job_id, rehearsal_id=rehearsal.id, status=rehearsal.status)

    async def advance(self, rehearsal_id: str, status: str) -> None:
        """The durable job `rehearse`: read the data, and go on to what comes next."""
        async with self._store.reading() as tx:
            rehearsal = await tx.rehearsals.get(rehearsal_id)
        if rehearsal.status != status:
            return
        following: dict[str, Callable[..., Awaitable[None]]] = {
            "before": self._begin,
            "compare": self._go_on,
            "compare-again": self._end,
        }
        try:
            loaded = self._catalog.get(rehearsal.migration)
        except UnknownNameError as error:
            await self._give_up(rehearsal, str(error))
            return
        if loaded.digest != rehearsal.playbook_digest:
            await self._give_up(rehearsal, "the playbook was changed while it was rehearsed")
            return
        states = await self._tables.read(loaded)
        async with self._store.transaction() as tx:
            present = await tx.rehearsals.locked(rehearsal_id)
            if present.status == status:
                await following[status](tx, present, loaded, states)

    async def _begin(
        self, tx: Transaction, rehearsal: Rehearsed, loaded: LoadedPlaybook, states: tuple[TableState, ...]
    ) -> None:
        unread = [f"{state.name}: {state.problem}" for state in states if state.problem]
        if unread:
            problem = f"the data could not be read, and nothing was done: {'; '.join(unread)}"
            await self._over(tx, rehearsal, rehearsal.ended(self._clock.now(), problem=problem))
            return
        begun = rehearsal.changed(status="back", before=states)
        await self._start(tx, rehearsal, begun, loaded, rehearsal.back)

    async def _go_on(
        self, tx: Transaction, rehearsal: Rehearsed, loaded: LoadedPlaybook, states: tuple[TableState, ...]
    ) -> None:
        await self._tell_data(tx, rehearsal, states)
        if not rehearsal.forward:
            await self._over(tx, rehearsal, rehearsal.ended(self._clock.now(), after=states))
            return
        await self._start(
            tx, rehearsal, rehearsal.changed(status="forward", after=states), loaded, rehearsal.forward
        )

    async def _end(
        self, tx: Transaction, rehearsal: Rehearsed, _loaded: LoadedPlaybook, states: tuple[TableState, ...]
    ) -> None:
        await self._tell_data(tx, rehearsal, states)
        await self._over(tx, rehearsal, rehearsal.ended(self._clock.now(), after_forward=states))

    async def _start(
        self,
        tx: Transaction,
        before: Rehearsed,
        after: Rehearsed,
        loaded: LoadedPlaybook,
        preview_id: str,
    ) -> None:
        """Begin one of its runs, of what was previewed."""
        now = self._clock.now()
        preview = await tx.walks.preview(preview_id)
        inputs = {one.id: before.inputs[one.id] for one in preview.inputs}
        run = run_of(
            preview,
            loaded,
            incident=before.incident,
            inputs=inputs,
            by=before.started_by,
            at=now,
            detected_at=before.started_at,
            rehearsal=before.id,
        )
        if not await tx.runs.add(run):
            problem = f"another run of {run.migration} is going on in {run.environment}"
            await self._over(tx, before, before.ended(now, problem=problem))
            return
        await self._changed(tx, before, after)
        await telling.audit(tx, run, "run.started", now, plan=run.plan_id, rehearsal=before.id)
        text = f"plan “{run.plan.title}” begins, {len(run.steps)} steps"
        await telling.tell(tx, run, text, now)
        await telling.show(tx, run, now)
        await enqueue_drive(tx, run)

    async def _run_is_over(self, tx: Transaction, run: Run) -> None:
        if not run.rehearsal:
            return
        rehearsal = await tx.rehearsals.locked(run.rehearsal)
        # An undo after an abort runs when the rehearsal is over.
        if rehearsal.status not in ("back", "forward"):
            return
        earlier = [await tx.runs.get(run_id) for run_id in predecessor_ids(run.id)]
        after = rehearsal.after_runs(*earlier, run)
        if after.over:
            await self._over(tx, rehearsal, after)
            return
        await self._changed(tx, rehearsal, after)
        await self.enqueue(tx, after)

    async def _give_up(self, rehearsal: Rehearsed, problem: str) -> None:
        async with self._store.transaction() as tx:
            present = await tx.rehearsals.locked(rehearsal.id)
            if present.status == rehearsal.status:
                await self._over(tx, present, present.ended(self._clock.now(), problem=problem))

    async def _over(self, tx: Transaction, before: Rehearsed, after: Rehearsed) -> None:
        """Write the end, and post the record."""
        now = self._clock.now()
        await self._changed(tx, before, after)
        found = evidence(after, now=now)
        await tx.journal.record(
            at=now,
            actor=SWITCHBACK,
            kind="rehearsal.ended",
            subject=after.subject,
            facts={
                "migration": after.migration,
                "environment": after.environment,
                "seconds": found.seconds,
                "holds": found.holds,
                "reasons": list(found.reasons),
            },
        )
        wrong = f"❌ it is no evidence: {'; '.join(found.reasons)}"
        text = "✅ it is over, and went as it should" if found.holds else wrong
        await self.tell(tx, after, text, by=SWITCHBACK)
        await tx.incidents.close(after.incident, now)
        await self.show(tx, after)

    async def show(self, tx: Transaction, rehearsal: Rehearsed) -> None:
        """Bring its record's message in the channel up to date."""
        now = self._clock.now()
        incident = await tx.incidents.get(rehearsal.incident)
        facts = RehearsalFacts(rehearsal=rehearsal, at=now)
        await tx.outbox.show(channel=incident.channel, subject=rehearsal.subject, facts=facts, at=now)

    async def tell(self, tx: Transaction, rehearsal: Rehearsed, text: str, *, by: Actor) -> None:
        """Add a line to its thread."""
        incident = await tx.incidents.get(rehearsal.incident)
        labelled = f"Rehearsal in {rehearsal.environment}: {text}"
        await tx.incidents.tell(incident, at=self._clock.now(), actor=by, text=labelled)

    async def _tell_data(self, tx: Transaction, rehearsal: Rehearsed, states: tuple[TableState, ...]) -> None:
        if not rehearsal.compared:
            return
        told = differences(rehearsal.before, states)
        text = f"❌ {'; '.join(told)}" if told else f"✅ nothing lost, {len(states)} tables compared"
        await self.tell(tx, rehearsal, text, by=SWITCHBACK)

    async def _changed(self, tx: Transaction, before: Rehearsed, after: Rehearsed) -> None:
        if not await tx.rehearsals.replace(before, after):
            raise RuntimeError(f"rehearsal {before.id} was changed while it was locked")

"""Moves between phases that people decided on: with a runbook where the playbook has one, else at once.

What a decision brings about waits for a job, since a plan is previewed outside of any transaction. A job that
comes twice finds the run of its record, and does nothing.
"""

from datetime import timedelta

from bot.domain.decision import Decision
from bot.domain.errors import SupersededError
from bot.domain.person import SWITCHBACK
from bot.domain.phase_ways import phase_of
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.playbook.phases import Phase
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.forward_runs import ForwardRuns, Meant
from bot.services.phase_moving import PhaseMoving
from bot.services.phases import present
from bot.services.previews import PreviewService
from bot.store.incidents import Incident
from bot.store.store import Store, Transaction

JOB = "move_phase"
AGAIN_AFTER = timedelta(minutes=1)


class PhaseRuns:
    """Brings migrations to the phase that was decided on."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        previews: PreviewService,
        runs: ForwardRuns,
        moving: PhaseMoving,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._previews = previews
        self._runs = runs
        self._moving = moving
        self._store = store
        self._clock = clock
        self._ids = ids

    async def decided(self, tx: Transaction, decision: Decision) -> None:
        """Move the migration as it was decided, by the plan of the phase that it leaves if that has one.

        Raises SupersededError when it is in another phase by now.
        """
        playbook = await present(tx, self._catalog.get(decision.migration).playbook)
        to = phase_of(playbook, decision.to_phase)
        if playbook.phase != decision.from_phase or to is None:
            raise SupersededError(f"{playbook.title} is in phase “{playbook.phase}” by now")
        if playbook.current_phase.forward is None:
            reason = f"decided on the evidence, asked for by {decision.asked_by.name}"
            await self._moving.move(tx, playbook, to, by=decision.asked_by, reason=reason, cause=decision.id)
            return
        incident = Incident(
            id=self._ids.new(),
            migration=decision.migration,
            environment=PRODUCTION,
            channel=playbook.channels.approvals,
            opened_at=self._clock.now(),
            opened_by=decision.asked_by,
            kind="phase",
        )
        await tx.incidents.add(incident)
        await self._enqueue(tx, decision.id, incident.id, attempt=1)

    async def begin(self, decision_id: str, incident_id: str, attempt: int) -> None:
        """The durable job `move_phase`: begin the run, once; it waits while another one is going on."""
        async with self._store.reading() as tx:
            decision = await tx.decisions.get(decision_id)
        loaded = self._catalog.get(decision.migration)
        left = phase_of(loaded.playbook, decision.from_phase)
        if left is None or left.forward is None:
            return
        plan_id = left.forward
        preview = await self._previews.of_plan(decision.migration, plan_id=plan_id, environment=PRODUCTION)
        async with self._store.transaction() as tx:
            await tx.decisions.held(decision_id)
            playbook = await present(tx, loaded.playbook)
            if await tx.runs.of_incident(incident_id):
                return
            if playbook.phase != decision.from_phase:
                await self._given_up(tx, playbook, incident_id)
                return
            to: Phase | None = phase_of(playbook, decision.to_phase)
            meant = Meant(purpose="phase", decision=decision.id, to_phase=to.id if to else "")
            run = await self._runs.begin(
                tx,
                preview,
                loaded,
                meant,
                incident=incident_id,
                by=decision.asked_by,
                approved_by=tuple(one.by for one in decision.approvals if one.counts),
            )
            if run is None:
                await self._wait(tx, decision, incident_id, attempt)

    async def _given_up(self, tx: Transaction, playbook: Playbook, incident_id: str) -> None:
        incident, now = await tx.incidents.place(incident_id), self._clock.now()
        text = f"❌ It is not moved: {playbook.title} is in phase “{playbook.phase}” by now"
        await tx.incidents.tell(incident, at=now, actor=SWITCHBACK, text=text)
        await tx.incidents.close(incident_id, now)

    async def _wait(self, tx: Transaction, decision: Decision, incident_id: str, attempt: int) -> None:
        if attempt == 1:
            incident = await tx.incidents.place(incident_id)
            text = f"⏳ The move to {decision.to_phase} begins when the run that is going on has ended"
            await tx.incidents.tell(incident, at=self._clock.now(), actor=SWITCHBACK, text=text)
        await self._enqueue(tx, decision.id, incident_id, attempt=attempt + 1)

    async def _enqueue(self, tx: Transaction, decision_id: str, incident_id: str, *, attempt: int) -> None:
        await tx.enqueue(
            JOB,
            job_id=f"{JOB}:{decision_id}:{attempt}",
            delay=None if attempt == 1 else AGAIN_AFTER,
            decision_id=decision_id,
            incident_id=incident_id,
            attempt=attempt,
        )

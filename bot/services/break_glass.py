"""Breaking the glass: one person goes on where the approvals cannot be had, with a reason and a review."""

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.messages.review import ReviewFacts
from bot.domain.person import Actor
from bot.domain.preview import PlanPreview
from bot.domain.review import Review
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.phases import present
from bot.services.request_records import RequestRecords
from bot.services.rollback_codes import RollbackCodes
from bot.services.run_start import Decided, RunStart
from bot.store.store import Store


class BreakGlassService:
    """Starts what waits for approvals without them, and tells everybody who could have approved."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        run_start: RunStart,
        records: RequestRecords,
        codes: RollbackCodes,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._run_start = run_start
        self._records = records
        self._codes = codes
        self._store = store
        self._clock = clock
        self._ids = ids

    async def shown(self, request_id: str, *, actor: Actor) -> tuple[StartRequest, PlanPreview]:
        """The request and what would be started, for somebody who is about to go on alone.

        Raises what `go_on_alone` raises.
        """
        async with self._store.reading() as tx:
            request = await tx.start_requests.get(request_id)
            preview = await tx.walks.preview(request.preview)
        request.still_open(self._clock.now())
        await self._permissions.may_roll_back(self._catalog.get(request.migration).playbook, actor)
        return request, preview

    async def go_on_alone(self, request_id: str, *, reason: str, code: str = "", actor: Actor) -> Run:
        """Start the run at once, confirmed by this person, and open its review.

        `code` is that of a second factor, where the phase asks for one: who is alone is not let off it.
        Raises NotAllowedError, in a decommissioned phase for everybody; RefusedError without a reason, for a
        wrong code, or when its time is over; SupersededError when it was approved or withdrawn first.
        """
        async with self._store.reading() as tx:
            request = await tx.start_requests.get(request_id)
        playbook = self._catalog.get(request.migration).playbook
        request.still_open(self._clock.now())
        people = await self._permissions.may_ask(playbook, actor)
        why = reason.strip()
        if not why:
            raise RefusedError("Going on alone takes a reason", field="reason")
        await self._codes.must_be_right(request, actor, code)
        async with self._store.transaction() as tx:
            now = self._clock.now()
            request = await tx.start_requests.held(request_id)
            request.still_open(now)
            request.still_fits(await present(tx, playbook))
            if not await tx.start_requests.replace(request.ended("alone", by=actor, at=now)):
                raise SupersededError("Somebody was faster; see the message as it stands now")
            walk = await tx.walks.get(request.walk)
            preview = await tx.walks.preview(request.preview)
            decided = Decided(
                confirmed_by=actor,
                by=actor,
                told=f"went on alone ({request.count()}; reason: {why}){people.told(request.role)}",
                approved_by=tuple(giver for giver in request.approved_by if giver.id != actor.id),
                broke_glass=why,
                inputs=request.inputs,
            )
            run = await self._run_start.start(tx, walk, preview, decided)
            await tx.journal.record(
                at=now,
                actor=actor,
                kind="run.broke_glass",
                subject=f"run:{run.id}",
                facts={"reason": why, "asked_by": request.asked_by.id, "count": request.count()},
            )
            text = f"{actor.name} started the rollback of {playbook.title} alone: {why}"
            others = people.users - {actor.id}
            await self._records.call(tx, request, text, people=others, about="broke_glass")
            review = Review(
                id=self._ids.new(),
                run=run.id,
                migration=run.migration,
                role=request.role,
                broken_by=actor,
                reason=why,
                opened_at=now,
            )
            await tx.reviews.add(review)
            incident = await tx.incidents.get(walk.incident)
            await tx.outbox.show(
                channel=incident.channel, subject=review.subject, facts=ReviewFacts(review=review), at=now
            )
            return run

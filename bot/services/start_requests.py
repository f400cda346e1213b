"""Rollbacks that wait for approvals: asked for, approved by other people, withdrawn, or run out.

Whoever changes a request holds its row first, so that of two who come at once the second sees what the
first did. Who is in the role is read before that, as close to the count as a transaction lets it be.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import SupersededError
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.start_request import Approval, RequestStatus, StartRequest
from bot.domain.typed_name import must_be_typed
from bot.domain.walk import Walk
from bot.ports.clock import Clock, Ids
from bot.ports.roles import Members
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.phases import present
from bot.services.request_records import RequestRecords
from bot.services.run_start import Decided, RunStart
from bot.services.walk_display import WalkDisplay
from bot.store.store import Store, Transaction


@dataclass(frozen=True)
class GivenApproval:
    """What was submitted: the request, the preview that was shown by id and digest, and what was typed."""

    request_id: str
    preview_id: str
    digest: str
    typed: str


class StartRequestService:
    """Counts approvals, and starts the run with the last one."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        run_start: RunStart,
        records: RequestRecords,
        display: WalkDisplay,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._run_start = run_start
        self._records = records
        self._display = display
        self._store = store
        self._clock = clock
        self._ids = ids

    async def open(
        self,
        tx: Transaction,
        walk: Walk,
        preview: PlanPreview,
        *,
        inputs: Mapping[str, str],
        asked_by: Actor,
        people: Members,
    ) -> StartRequest | None:
        """Ask `people` for approvals of what was previewed. None when somebody changed the walk first."""
        now = self._clock.now()
        playbook = await present(tx, self._catalog.get(walk.migration).playbook)
        request = StartRequest(
            id=self._ids.new(),
            walk=walk.id,
            migration=walk.migration,
            environment=walk.environment,
            preview=preview.id,
            digest=preview.digest(),
            inputs=dict(inputs),
            role=playbook.rollback_role or "",
            needed=playbook.rollback_quorum,
            asked_by=asked_by,
            asked_at=now,
            expires_at=preview.expires_at,
        )
        requested = walk.requested(request.id)
        if not await tx.walks.replace(walk, requested) or not await tx.start_requests.add(request):
            return None
        await self._records.note(
            tx,
            request,
            asked_by,
            "start.requested",
            preview=request.digest,
            role=request.role,
            quorum=request.needed,
        )
        plan = f"plan “{preview.plan.title}”, {len(preview.steps)} steps"
        told = f"asked for the rollback: {plan}. {request.count()}{people.told(request.role)}"
        await self._records.tell(tx, request, asked_by, told)
        call = f"{asked_by.name} asks for your approval of the rollback of {playbook.title}: {plan}"
        others = people.users - {asked_by.id}
        await self._records.call(tx, request, call, people=others, about="approval")
        await tx.enqueue(
            "expire_start_request",
            job_id=f"expire:{request.id}",
            delay=request.expires_at - now,
            request_id=request.id,
        )
        await self._display.show(tx, requested)
        return request

    async def to_approve(self, request_id: str, *, actor: Actor) -> tuple[StartRequest, PlanPreview]:
        """The request and what it is bound to, for somebody who is about to approve it.

        Raises what `approve` raises.
        """
        request = await self.get(request_id)
        playbook = self._catalog.get(request.migration).playbook
        request.still_open(self._clock.now())
        await self._permissions.may_approve(playbook, request, actor, fresh=False)
        return await self._with_preview(request)

    async def approve(self, given: GivenApproval, *, actor: Actor) -> Run | StartRequest:
        """Count a person's approval; with the last one that is needed the run starts.

        Raises NotAllowedError; SupersededError for one who approved already, or when it was withdrawn,
        ran out or started; RefusedError for a wrong name, another preview, or when its time is over.
        """
        request = await self.get(given.request_id)
        playbook = self._catalog.get(request.migration).playbook
        request.still_open(self._clock.now())
        members = await self._permissions.may_approve(playbook, request, actor)
        async with self._store.transaction() as tx:
            now = self._clock.now()
            before = await tx.start_requests.held(request.id)
            # Before the head of the audit log, as everybody who changes a walk takes them.
            walk = await tx.walks.held(before.walk)
            before.still_open(now)
            before.still_fits(await present(tx, playbook))
            must_be_typed(before.migration, given.typed)
            before.binds(given.preview_id, given.digest)
            approval = Approval(by=actor, at=now)
            after = before.approved(approval, members)
            if after.met:
                after = after.ended("started", by=actor, at=now)
            if not await tx.start_requests.replace(after):
                raise SupersededError("Somebody was faster; see the message as it stands now")
            if not await tx.start_requests.approve(after.id, approval):
                raise SupersededError(f"You approved this already, and count once: {before.count()}")
            await self._drop(tx, before, after)
            await self._records.note(
                tx, after, actor, "start.approved", preview=after.digest, count=after.count()
            )
            told = f"approved the rollback, {after.count()}"
            if not after.met:
                await self._records.tell(tx, after, actor, told)
                await self._display.show(tx, walk)
                return after
            preview = await tx.walks.preview(after.preview)
            decided = Decided(after.asked_by, actor, told, approved_by=after.approved_by, inputs=after.inputs)
            return await self._run_start.start(tx, walk, preview, decided)

    async def withdraw(self, request_id: str, *, actor: Actor) -> StartRequest:
        """Take the request back: the walk stands at its verdict again. Raises SupersededError too."""
        request = await self.get(request_id)
        if actor.id != request.asked_by.id:
            await self._permissions.may_roll_back(self._catalog.get(request.migration).playbook, actor)
        async with self._store.transaction() as tx:
            request = await tx.start_requests.held(request_id)
            request.still_undecided()
            text = f"withdrew the rollback that {request.asked_by.name} asked for"
            return await self._give_back(tx, request, "withdrawn", actor, text)

    async def expire(self, request_id: str) -> None:
        """The durable job `expire_start_request`. A request that has ended is left alone."""
        request = await self.get(request_id)
        if request.status == "open":
            # The queue's clock is not ours.
            await self._clock.sleep((request.expires_at - self._clock.now()).total_seconds())
        async with self._store.transaction() as tx:
            request = await tx.start_requests.held(request_id)
            if request.status == "open":
                text = f"The rollback was not approved in time: {request.count()}. Nothing was done"
                await self._give_back(tx, request, "expired", SWITCHBACK, text)

    async def get(self, request_id: str) -> StartRequest:
        """The request as it stands."""
        async with self._store.reading() as tx:
            return await tx.start_requests.get(request_id)

    async def _with_preview(self, request: StartRequest) -> tuple[StartRequest, PlanPreview]:
        async with self._store.reading() as tx:
            return request, await tx.walks.preview(request.preview)

    async def _give_back(
        self, tx: Transaction, request: StartRequest, status: RequestStatus, actor: Actor, text: str
    ) -> StartRequest:
        ended = request.ended(status, by=actor, at=self._clock.now())
        if not await tx.start_requests.replace(ended):
            raise SupersededError("Somebody was faster; see the message as it stands now")
        walk = await tx.walks.get(request.walk)
        back = walk.given_back()
        if not await tx.walks.replace(walk, back):
            raise SupersededError("Somebody was faster; see the message as it stands now")
        await self._records.note(tx, ended, actor, f"start.{status}", count=request.count())
        await self._records.tell(tx, ended, actor, text)
        await self._display.show(tx, back)
        return ended

    async def _drop(self, tx: Transaction, before: StartRequest, after: StartRequest) -> None:
        """Tell the people whose approvals do not count any more."""
        counted = {actor.id for actor in after.approved_by}
        for actor in before.approved_by:
            if actor.id not in counted:
                await self._records.note(tx, after, actor, "start.approval_dropped", role=after.role)
                text = f"The approval of {actor.name} does not count any more: not {after.role} now"
                await self._records.tell(tx, after, SWITCHBACK, text, mention=actor.id)

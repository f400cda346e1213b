"""Other ways on from a run: the emergency plan in its place, an undo of what an aborted one did, or the way
back from a cutover."""

import asyncio
import hashlib
import json
from dataclasses import dataclass

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.plans import Plan
from bot.domain.run import Run
from bot.domain.run_replacement import replacement, successor_id, undo_plan
from bot.domain.typed_name import must_be_typed
from bot.engine import run_telling as telling
from bot.engine.acting import Acting
from bot.engine.jobs import enqueue_drive
from bot.engine.replacing import replace, take_place
from bot.ports.clock import Clock
from bot.ports.outcome import Preview
from bot.services.steering import SteeringService
from bot.store.store import Store


@dataclass(frozen=True)
class WayOn:
    """A plan that could go on from a run, with the exact effect of each of its steps."""

    run: Run
    plan_id: str
    plan: Plan
    previews: tuple[Preview, ...]

    def digest(self) -> str:
        """SHA-256 over what would be done, in hex."""
        effects = [(seen.effect, seen.exact) for seen in self.previews]
        content = [self.run.id, self.plan_id, self.plan.model_dump(mode="json", by_alias=True), effects]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class GivenWayBack:
    """What was submitted: the run, what was shown by its digest, what was typed, and whether it was said that
    the point of no return is past."""

    run: str
    digest: str
    typed: str
    beyond: bool = False
    reason: str = ""


UNDO = "undo"


class ReplacementService:
    """Shows another way on, and takes it when a person has confirmed what was shown."""

    def __init__(self, *, steering: SteeringService, acting: Acting, store: Store, clock: Clock) -> None:
        self._steering = steering
        self._acting = acting
        self._store = store
        self._clock = clock

    async def emergency(self, run_id: str, *, actor: Actor) -> WayOn:
        """The emergency plan in place of a run. Raises RefusedError where there is none."""
        run = await self._steering.shown(run_id, actor=actor)
        if not run.emergency:
            raise RefusedError("This playbook has no emergency plan")
        return await self._seen(run, run.emergency, run.fallbacks[run.emergency])

    async def undo(self, run_id: str, *, actor: Actor) -> WayOn:
        """The undo of an aborted run. Raises RefusedError where nothing can be taken back."""
        run = await self._steering.shown(run_id, actor=actor)
        plan = undo_plan(run)
        if plan is None:
            raise RefusedError("None of the steps that were done says how it is taken back")
        return await self._seen(run, UNDO, plan)

    async def back(self, run_id: str, *, actor: Actor) -> WayOn:
        """The way back to legacy from a cutover. Raises RefusedError for another run."""
        run = await self._steering.shown(run_id, actor=actor)
        if not run.back:
            raise RefusedError("Only from a cutover there is a way back to legacy")
        return await self._seen(run, run.back, run.fallbacks[run.back])

    async def take_back(self, given: GivenWayBack, *, actor: Actor) -> Run:
        """Stop the cutover at a step boundary and go back to legacy, as it was shown.

        Beyond the point of no return it takes a reason, of somebody who was told that it is past. Raises
        RefusedError for a wrong name, no reason, or when it would do something else now; SupersededError when
        the run is over or gives way already; NotAllowedError.
        """
        way = await self.back(given.run, actor=actor)
        self._as_shown(way, given.digest)
        must_be_typed(way.run.migration, given.typed)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(given.run)
            if run.past_no_return and not given.beyond:
                point = run.step(run.no_return).title
                what = f"The point of no return, “{point}”, has begun since you were asked"
                raise RefusedError(what, field="name", do="Close this and press “Back to legacy…” again")
            if run.past_no_return and not given.reason.strip():
                raise RefusedError("Going back beyond the point of no return takes a reason", field="reason")
            successor = self._successor(run, way, actor)
            because = given.reason.strip() or "people go back to legacy"
            if run.past_no_return:
                because = f"{because} (beyond the point of no return)"
            return await take_place(tx, run, successor, reason=because, now=now, by=actor)

    async def take_emergency(self, run_id: str, *, digest: str, reason: str, actor: Actor) -> Run:
        """End the run in favour of the emergency plan, as it was shown.

        Raises RefusedError when it would do something else now, or while a step acts; SupersededError
        when the run is over.
        """
        way = await self.emergency(run_id, actor=actor)
        self._as_shown(way, digest)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            if not run.active:
                raise SupersededError(f"This run is over: it was {run.status}")
            successor = self._successor(run, way, actor)
            because = reason.strip() or "the rollback itself failed"
            if not await replace(tx, run, successor, reason=because, now=now, by=actor):
                raise SupersededError("Somebody was faster; see the message as it stands now")
        return successor

    async def take_undo(self, run_id: str, *, digest: str, actor: Actor) -> Run:
        """Start the undo, as it was shown. Raises as `take_emergency` does; undone once."""
        way = await self.undo(run_id, actor=actor)
        self._as_shown(way, digest)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            run = await tx.runs.locked(run_id)
            if run.status != "aborted" or run.replaced_by:
                raise SupersededError("What this run did is being taken back already, or it was not aborted")
            successor = self._successor(run, way, actor).model_copy(
                update={"undoes": run.id, "emergency": "", "fallbacks": {}}
            )
            noted = run.model_copy(update={"replaced_by": successor.id})
            if await tx.runs.change(run, noted) is None or not await tx.runs.add(successor):
                raise SupersededError("Another rollback of this migration is running")
            await telling.audit(tx, successor, "run.started", now, by=actor, undoes=run.id)
            text = f"takes back what was done: {len(successor.steps)} steps, the last one first"
            await telling.tell(tx, successor, text, now, by=actor)
            await telling.show(tx, successor, now)
            await enqueue_drive(tx, successor)
        return successor

    def _successor(self, run: Run, way: WayOn, actor: Actor) -> Run:
        return replacement(run, plan_id=way.plan_id, plan=way.plan, by=actor, at=self._clock.now())

    async def _seen(self, run: Run, plan_id: str, plan: Plan) -> WayOn:
        run_id = successor_id(run)
        seen = (
            self._acting.preview(step, folder=run.folder, run_id=run_id, since=run.since)
            for step in plan.steps
        )
        return WayOn(run, plan_id, plan, tuple(await asyncio.gather(*seen)))

    def _as_shown(self, way: WayOn, digest: str) -> None:
        if way.digest() != digest:
            raise RefusedError(
                "What would be done has changed since you were shown it", do="Close this and look again"
            )

"""The walk of a decision tree: opened, answered, stepped back, overruled, closed.

It is kept in the store, so it can be left and taken up, by another person too. Each change is one
conditional write on the walk's version: of two people who answer at once, one is told what happened.
"""

from collections.abc import Callable

from bot.domain.errors import SupersededError
from bot.domain.given_answer import GivenAnswer
from bot.domain.messages.facts import Plain
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.run_purpose import noun
from bot.domain.walk import Overruling, Walk
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.walk_display import WalkDisplay
from bot.services.walk_texts import told, what_happened
from bot.store.incidents import Incident
from bot.store.store import Store, Transaction


class WalkService:
    """Leads people through the decision tree."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        display: WalkDisplay,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._display = display
        self._permissions = permissions
        self._store = store
        self._clock = clock
        self._ids = ids
        self._migrations: dict[str, str] = {}

    async def open(self, migration: str, *, environment: str = PRODUCTION, actor: Actor) -> Walk:
        """Start a walk, or take up the open one. It is shown in the incidents channel.

        Raises UnknownNameError, NotAllowedError, and SupersededError while a rollback is running.
        """
        playbook = self._catalog.get(migration).playbook
        await self._permissions.may_roll_back(playbook, actor)
        async with self._store.transaction() as tx:
            active = await tx.runs.active(migration, environment)
            if active and not active[0].goes_forward:
                raise SupersededError(
                    f"A {noun(active[0].purpose)} of {migration} is {active[0].status} already, "
                    f"confirmed by {active[0].confirmed_by.name}; see {playbook.channels.incidents}"
                )
            walk = await self._still_fitting(tx, migration, environment)
            if walk is None:
                walk = await self._start(tx, playbook, environment, actor)
                # The message first: the timeline is its thread.
                await self._display.show(tx, walk)
                await self._tell(tx, walk, actor, f"opened the rollback of {playbook.title}")
                return walk
            taken = await tx.walks.fill_in(walk, holder=actor) if walk.holder != actor else None
            if taken is not None:
                walk = taken
                await self._tell(tx, walk, actor, "takes up the walk")
                await self._audit(tx, walk, actor, "walk.taken_up")
            await self._display.show(tx, walk)
        return walk

    async def answer(self, walk_id: str, *, version: int, answer: str, actor: Actor) -> Walk:
        """Answer the open question. Raises SupersededError when somebody answered it first."""

        def answered(walk: Walk, playbook: Playbook) -> Walk:
            given = GivenAnswer(
                question=walk.place,
                answer=answer,
                by=actor,
                at=self._clock.now(),
                measured=walk.measured or (),
            )
            return walk.answered(playbook, given)

        return await self._change(walk_id, version, actor, "walk.answered", answered)

    async def step_back(self, walk_id: str, *, version: int, actor: Actor) -> Walk:
        """Take the last answer, or the overruling, back."""
        return await self._change(
            walk_id, version, actor, "walk.stepped_back", lambda walk, _playbook: walk.stepped_back()
        )

    async def overrule(
        self, walk_id: str, *, version: int, plan: str | None, reason: str, actor: Actor
    ) -> Walk:
        """Decide against the verdict: roll back by a plan, or (None) keep watching."""
        overruling = Overruling(plan=plan, reason=reason, by=actor, at=self._clock.now())
        return await self._change(
            walk_id,
            version,
            actor,
            "walk.overruled",
            lambda walk, playbook: walk.overruled(playbook, overruling),
        )

    async def close(self, walk_id: str, *, version: int, actor: Actor) -> Walk:
        """Close a walk whose verdict is to keep watching."""
        return await self._change(
            walk_id,
            version,
            actor,
            "walk.closed",
            lambda walk, playbook: walk.watched(playbook, by=actor, at=self._clock.now()),
        )

    async def shown(self, walk_id: str, *, actor: Actor) -> Walk:
        """The walk, for somebody who is about to decide about it. Raises NotAllowedError too."""
        walk = await self.get(walk_id)
        await self._permissions.may_roll_back(self._catalog.get(walk.migration).playbook, actor)
        return walk

    async def get(self, walk_id: str) -> Walk:
        """The walk as it stands."""
        async with self._store.reading() as tx:
            return await tx.walks.get(walk_id)

    async def _change(
        self, walk_id: str, version: int, actor: Actor, kind: str, change: Callable[[Walk, Playbook], Walk]
    ) -> Walk:
        playbook = await self._playbook_of(walk_id)
        await self._permissions.may_roll_back(playbook, actor)
        async with self._store.transaction() as tx:
            before = await tx.walks.get(walk_id)
            if not before.fits(playbook):
                raise SupersededError(f"The playbook has changed; type /rollback {before.migration} again")
            if before.version != version:
                raise SupersededError(what_happened(before, playbook))
            after = change(before, playbook).model_copy(update={"holder": actor})
            if not await tx.walks.replace(before, after):
                raise SupersededError(what_happened(await tx.walks.get(walk_id), playbook))
            await self._audit(tx, after, actor, kind)
            await self._tell(tx, after, actor, told(kind, before, after, playbook))
            if after.status == "watching":
                await tx.incidents.close(after.incident, self._clock.now())
            await tx.incidents.set_severity(after.incident, after.severity(playbook))
            await self._display.show(tx, after)
        return after

    async def _playbook_of(self, walk_id: str) -> Playbook:
        # A walk's migration never changes, so one press of a walk reads it for all that follow.
        if walk_id not in self._migrations:
            self._migrations[walk_id] = (await self.get(walk_id)).migration
        return self._catalog.get(self._migrations[walk_id]).playbook

    async def _still_fitting(self, tx: Transaction, migration: str, environment: str) -> Walk | None:
        """The open walk; one that the changed playbook no longer fits is closed, and a new one begins."""
        walk = await tx.walks.open_walk(migration, environment)
        if walk is None or walk.fits(self._catalog.get(migration).playbook):
            return walk
        now = self._clock.now()
        if walk.request is not None:
            request = await tx.start_requests.held(walk.request)
            await tx.start_requests.replace(request.ended("outdated", by=SWITCHBACK, at=now))
        closed = walk.outdated(by=SWITCHBACK, at=now)
        if not await tx.walks.replace(walk, closed):
            raise SupersededError("Somebody was faster; see the message as it stands now")
        await self._audit(tx, closed, SWITCHBACK, "walk.outdated")
        text = "The playbook has changed, so this walk is closed and the questions begin again."
        incident = await tx.incidents.get(walk.incident)
        facts = Plain(text=text)
        await tx.outbox.show(channel=incident.channel, subject=incident.subject, facts=facts, at=now)
        await self._tell(tx, closed, SWITCHBACK, text)
        await tx.incidents.close(walk.incident, now)
        return None

    async def _start(self, tx: Transaction, playbook: Playbook, environment: str, actor: Actor) -> Walk:
        now = self._clock.now()
        incident = Incident(
            id=self._ids.new(),
            migration=playbook.migration,
            environment=environment,
            channel=playbook.channels.incidents,
            opened_at=now,
            opened_by=actor,
        )
        walk = Walk(
            id=self._ids.new(),
            incident=incident.id,
            migration=playbook.migration,
            environment=environment,
            started_by=actor,
            started_at=now,
            holder=actor,
            status="asking",
            place=playbook.decision.rollback.start,
        )
        await tx.incidents.add(incident)
        if not await tx.walks.add(walk):
            raise SupersededError(
                f"Somebody opened the rollback of {playbook.migration} at this moment; type it again to join"
            )
        await self._audit(tx, walk, actor, "walk.started")
        return walk

    async def _audit(self, tx: Transaction, walk: Walk, actor: Actor, kind: str) -> None:
        last = walk.answers[-1] if walk.answers else None
        await tx.journal.record(
            at=self._clock.now(),
            actor=actor,
            kind=kind,
            subject=f"walk:{walk.id}",
            facts={
                "migration": walk.migration,
                "environment": walk.environment,
                "version": walk.version,
                "place": walk.place,
                "last_answer": f"{last.question}={last.answer}" if last else None,
                "reason": walk.overruling.reason if walk.overruling else None,
            },
        )

    async def _tell(self, tx: Transaction, walk: Walk, actor: Actor, text: str) -> None:
        incident = await tx.incidents.get(walk.incident)
        await tx.incidents.tell(incident, at=self._clock.now(), actor=actor, text=text)

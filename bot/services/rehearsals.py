"""Rehearsals: previewed, and started as they were previewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.messages.facts import Plain
from bot.domain.person import Actor
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.playbook.inputs import Input, taken
from bot.domain.playbook.rehearsal import Rehearsal
from bot.domain.preview import PlanPreview
from bot.domain.rehearsal import Rehearsed
from bot.domain.typed_name import must_be_typed
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.previews import PreviewService
from bot.services.rehearsing import Rehearsing
from bot.store.incidents import Incident
from bot.store.store import Store


@dataclass(frozen=True)
class RehearsalPreview:
    """What a rehearsal would do: the way back, and the way forward again where there is one."""

    back: PlanPreview
    forward: PlanPreview | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What is asked for before it begins."""
        ways = [self.back, self.forward] if self.forward else [self.back]
        return tuple({one.id: one for way in ways for one in way.inputs}.values())

    @property
    def bound(self) -> "RehearsalConfirmation":
        """The confirmation of exactly this, by its name, with no input typed yet."""
        forward = self.forward
        return RehearsalConfirmation(
            typed=self.back.migration,
            back=self.back.id,
            back_digest=self.back.digest(),
            forward=forward.id if forward else "",
            forward_digest=forward.digest() if forward else "",
        )


@dataclass(frozen=True)
class RehearsalConfirmation:
    """What was confirmed: the previews by id and digest, the migration's name as it was typed, and what was
    typed for the plans' inputs."""

    typed: str
    back: str
    back_digest: str
    forward: str = ""
    forward_digest: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)


class RehearsalService:
    """Previews rehearsals and starts them."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        previews: PreviewService,
        rehearsing: Rehearsing,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._previews = previews
        self._rehearsing = rehearsing
        self._store = store
        self._clock = clock
        self._ids = ids

    async def permit(self, migration: str, *, environment: str | None = None, actor: Actor) -> str:
        """The environment that somebody may rehearse in.

        Raises RefusedError for production and for a playbook without rehearsals; NotAllowedError.
        """
        playbook = self._catalog.get(migration).playbook
        declared = _declared(playbook)
        chosen = environment or declared.environment
        if chosen == PRODUCTION:
            raise RefusedError(
                f"A rehearsal is never in {PRODUCTION}: it is a real run", do=f"Type /rollback {migration}"
            )
        if chosen != declared.environment:
            do = f"Change rehearsal.environment, or leave {chosen} out"
            raise RefusedError(f"This playbook is rehearsed in {declared.environment}", do=do)
        await self._permissions.may_roll_back(playbook, actor)
        return chosen

    async def preview(
        self,
        migration: str,
        *,
        plan_id: str | None,
        environment: str | None = None,
        forward: str | None = None,
        actor: Actor,
    ) -> RehearsalPreview:
        """Both ways, each step's exact effect; kept for the confirmation. Raises as `permit` does."""
        place = await self.permit(migration, environment=environment, actor=actor)
        playbook = self._catalog.get(migration).playbook
        chosen = plan_id or next(iter(playbook.plans))
        way_on = forward or _declared(playbook).forward
        back = await self._previews.of_plan(migration, plan_id=chosen, environment=place)
        again = await self._previews.of_plan(migration, plan_id=way_on, environment=place) if way_on else None
        async with self._store.transaction() as tx:
            for one in (back, again):
                if one is not None:
                    await tx.walks.add_preview(one)
        return RehearsalPreview(back, again)

    async def start(self, confirmed: RehearsalConfirmation, *, actor: Actor) -> Rehearsed:
        """Begin a rehearsal, as it was previewed. The bot reads the data and runs it.

        Raises RefusedError for a preview that is too old or another one, or an input that is not taken;
        SupersededError while another rehearsal goes on; NotAllowedError.
        """
        preview = await self._confirmed(confirmed)
        back, now = preview.back, self._clock.now()
        loaded = self._catalog.get(back.migration)
        playbook = loaded.playbook
        await self.permit(back.migration, environment=back.environment, actor=actor)
        await self._permissions.may_roll_back(playbook, actor, fresh=True)
        if loaded.digest != back.playbook_digest:
            raise RefusedError("The playbook has changed since you were shown it", do="Look again")
        incident = Incident(
            id=self._ids.new(),
            migration=back.migration,
            environment=back.environment,
            channel=playbook.channels.incidents,
            opened_at=now,
            opened_by=actor,
        )
        inputs = taken(preview.inputs, confirmed.inputs)
        rehearsal = self._record(preview, playbook, incident=incident, inputs=inputs)
        async with self._store.transaction() as tx:
            await tx.incidents.add(incident)
            if not await tx.rehearsals.add(rehearsal):
                raise SupersededError(
                    f"A rehearsal of {back.migration} is going on in {back.environment} already"
                )
            await tx.journal.record(
                at=now,
                actor=actor,
                kind="rehearsal.started",
                subject=rehearsal.subject,
                facts={
                    "migration": back.migration,
                    "environment": back.environment,
                    "plan": back.plan_id,
                    "forward": rehearsal.forward_plan,
                    "preview": confirmed.back_digest,
                    "playbook": back.playbook_digest,
                    "inputs": {**inputs},
                },
            )
            # The message first: the timeline is its thread.
            text = f"⏳ Rehearsal in {back.environment}: {back.migration}, the data is being read"
            await tx.outbox.show(
                channel=incident.channel, subject=incident.subject, facts=Plain(text=text), at=now
            )
            did = f"rehearses plan “{back.plan.title}”{_forward(preview)}"
            await self._rehearsing.tell(tx, rehearsal, did, by=actor)
            await self._rehearsing.enqueue(tx, rehearsal)
        return rehearsal

    def _record(
        self, preview: RehearsalPreview, playbook: Playbook, *, incident: Incident, inputs: dict[str, str]
    ) -> Rehearsed:
        """The record as it begins."""
        back, forward, declared = preview.back, preview.forward, _declared(playbook)
        return Rehearsed(
            id=self._ids.new(),
            incident=incident.id,
            migration=back.migration,
            title=playbook.title,
            environment=back.environment,
            plan_id=back.plan_id,
            playbook_digest=back.playbook_digest,
            within_seconds=(declared.within or back.plan.budget).total_seconds(),
            back=back.id,
            forward=forward.id if forward else "",
            forward_plan=forward.plan_id if forward else "",
            inputs=inputs,
            compared=bool(declared.compare),
            sign_off=declared.sign_off,
            started_by=incident.opened_by,
            started_at=incident.opened_at,
        )

    async def _confirmed(self, confirmed: RehearsalConfirmation) -> RehearsalPreview:
        """The previews that were confirmed, if they are what was shown, and still good."""
        async with self._store.reading() as tx:
            back = await tx.walks.preview(confirmed.back)
            forward = await tx.walks.preview(confirmed.forward) if confirmed.forward else None
        must_be_typed(back.migration, confirmed.typed)
        preview = RehearsalPreview(back, forward)
        expected = preview.bound
        if (expected.back_digest, expected.forward_digest) != (
            confirmed.back_digest,
            confirmed.forward_digest,
        ):
            raise RefusedError("This confirmation does not belong to the preview", do="Look again")
        back.must_be_good(self._clock.now(), do="Look again")
        return preview


def _declared(playbook: Playbook) -> Rehearsal:
    if playbook.rehearsal is None:
        raise RefusedError(
            f"The playbook of {playbook.migration} says nothing of rehearsals",
            do="Add rehearsal: {environment: staging} to it",
        )
    return playbook.rehearsal


def _forward(preview: RehearsalPreview) -> str:
    return f", then forward again by “{preview.forward.plan.title}”" if preview.forward else ""

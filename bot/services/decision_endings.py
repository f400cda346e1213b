"""How a decision ends: GO, NO-GO with a date to which the phase is extended, withdrawn, run out, outdated."""

from datetime import date, datetime, timedelta

from bot.domain.calendar import moment_of
from bot.domain.cutover_day import end_of, said_day, today, usable_day
from bot.domain.decision import Decision, DecisionStatus
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.phase_move import PhaseMove
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.services.after_decision import AfterDecision
from bot.services.catalog import Catalog
from bot.services.deciding_rights import DecidingRights
from bot.services.decision_records import DecisionRecords
from bot.store.store import Store, Transaction

_END_OF_DAY = "23:59"


class DecisionEndings:
    """Ends decisions, each once: in the transaction of who decided, or by itself."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        rights: DecidingRights,
        records: DecisionRecords,
        after: AfterDecision,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._rights = rights
        self._records = records
        self._after = after
        self._store = store
        self._clock = clock

    async def go(self, tx: Transaction, before: Decision, *, by: Actor) -> Decision:
        """GO, with or without conditions, and what follows from it.

        Raises SupersededError when somebody came first.
        """
        status: DecisionStatus = "go-with-conditions" if before.conditions else "go"
        ended = before.ended(status, by=by, at=self._clock.now())
        await self._write(tx, before, ended)
        approved = [f"{one.by.id} ({one.by.name})" for one in ended.standing if one.choice == "approve"]
        await self._records.note(
            tx,
            ended,
            by,
            "go",
            approved_by=[*approved],
            day=ended.day.isoformat() if ended.day else None,
            conditions=[*ended.conditions],
        )
        verdict = "GO with conditions" if ended.conditions else "GO"
        on = f" on {said_day(ended.day)}" if ended.day else ""
        names = ", ".join(one.by.name for one in ended.standing if one.choice == "approve")
        conditions = f". Conditions: {'; '.join(ended.conditions)}" if ended.conditions else ""
        await self._close(
            tx, ended, by, f"{verdict}: {ended.what}{on}, approved by {names or by.name}{conditions}"
        )
        await self._after.decided(tx, ended)
        return ended

    async def no_go(
        self, tx: Transaction, before: Decision, *, by: Actor, reason: str, new_day: date | None
    ) -> Decision:
        """NO-GO with its reason; with a new date, the phase is extended to it.

        Raises SupersededError when somebody came first, RefusedError without a reason or for a date that
        cannot be.
        """
        why = reason.strip()
        if not why:
            raise RefusedError("A NO-GO takes a reason", field="reason")
        if new_day is not None:
            self._usable(before, new_day)
        ended = before.ended("no-go", by=by, at=self._clock.now(), reason=why, new_day=new_day)
        await self._write(tx, before, ended)
        await self._records.note(
            tx, ended, by, "no-go", reason=why, new_day=new_day.isoformat() if new_day else None
        )
        until = ""
        if new_day is not None:
            extended = await self._extend(tx, ended, new_day)
            until = f". New date: {said_day(new_day)}"
            until += f", phase {ended.from_phase} is extended to it" if extended else ""
        await self._close(tx, ended, by, f"NO-GO: {ended.what}, by {by.name}: {why}{until}")
        return ended

    async def withdraw(self, decision_id: str, *, actor: Actor) -> Decision:
        """Take it back: nothing was decided.

        Raises NotAllowedError, and SupersededError when it has ended.
        """
        async with self._store.reading() as tx:
            decision = await tx.decisions.get(decision_id)
        await self._rights.may_take_back(self._playbook(decision), decision, actor)
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            before.still_undecided()
            ended = before.ended("withdrawn", by=actor, at=self._clock.now())
            await self._write(tx, before, ended)
            await self._records.note(tx, ended, actor, "withdrawn", count=before.count())
            await self._close(tx, ended, actor, "withdrew this; nothing was decided", everybody=False)
        return ended

    async def expire(self, decision_id: str) -> None:
        """The durable job `expire_decision`. One that has ended is left alone."""
        async with self._store.reading() as tx:
            decision = await tx.decisions.get(decision_id)
        if decision.is_open:
            # The queue's clock is not ours.
            await self._clock.sleep((decision.expires_at - self._clock.now()).total_seconds())
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            if not before.is_open:
                return
            ended = before.ended("expired", by=SWITCHBACK, at=self._clock.now())
            await self._write(tx, before, ended)
            await self._records.note(tx, ended, SWITCHBACK, "expired", count=before.count())
            text = f"Not decided in time: {before.what}, {before.count()}. Nothing was done"
            await self._close(tx, ended, SWITCHBACK, text)

    async def outdate(self, tx: Transaction, before: Decision, *, why: str) -> Decision:
        """Close what no longer fits the playbook, or the phase."""
        ended = before.ended("outdated", by=SWITCHBACK, at=self._clock.now(), reason=why)
        await self._write(tx, before, ended)
        await self._records.note(tx, ended, SWITCHBACK, "outdated", reason=why)
        await self._close(tx, ended, SWITCHBACK, f"The request for the {ended.what} is closed: {why}")
        return ended

    async def _write(self, tx: Transaction, before: Decision, ended: Decision) -> None:
        if not await tx.decisions.replace(before, ended):
            raise SupersededError((await tx.decisions.get(before.id)).became())

    async def _close(
        self, tx: Transaction, ended: Decision, by: Actor, text: str, *, everybody: bool = True
    ) -> None:
        """Its message and its thread, and everybody where something is decided."""
        await self._records.tell(tx, ended, by, text)
        await self._records.show(tx, ended)
        if everybody:
            await self._records.tell_everybody(tx, ended, text)

    def _usable(self, decision: Decision, new_day: date) -> None:
        playbook, now = self._playbook(decision), self._clock.now()
        if decision.kind == "cutover" and playbook.cutover is not None:
            usable_day(playbook.cutover, new_day, now=now)
        if new_day <= today(now, _zone(playbook)):
            raise RefusedError("The new date is not one to come", field="day", do="Name a later day")

    async def _extend(self, tx: Transaction, decision: Decision, new_day: date) -> bool:
        """The present phase lasts until the end of the new date; False where it does anyway."""
        playbook = self._playbook(decision)
        zone = _zone(playbook)
        until = moment_of(new_day, _END_OF_DAY, zone=zone) or end_of(new_day, zone)
        present = await tx.phases.latest(decision.migration)
        if present is None:
            first = PhaseMove(
                migration=decision.migration,
                number=1,
                phase=decision.from_phase,
                since=decision.asked_at,
                by=SWITCHBACK,
                reason="as the playbook says",
                extended_to=until,
            )
            extended = await tx.phases.add(first)
        elif _lasts_until(playbook, present) > until:
            return False
        else:
            extended = present.phase == decision.from_phase and await tx.phases.extend(
                present.model_copy(update={"extended_to": until})
            )
        if not extended:
            raise SupersededError("The migration has changed its phase; see /cutover as it stands now")
        return True

    def _playbook(self, decision: Decision) -> Playbook:
        return self._catalog.get(decision.migration).playbook


def _zone(playbook: Playbook) -> str:
    return playbook.cutover.zone if playbook.cutover else "UTC"


def _lasts_until(playbook: Playbook, present: PhaseMove) -> datetime:
    """When the present phase was to end until now; its beginning where nothing was said."""
    if present.extended_to is not None:
        return present.extended_to
    phase = next((one for one in playbook.phases if one.id == present.phase), None)
    return present.since + (phase.lasts or timedelta()) if phase else present.since

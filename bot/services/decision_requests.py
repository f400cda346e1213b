"""Requests to decide: the cutover, where every gate passes, and the move to the next phase."""

from datetime import date, timedelta

from bot.domain.cutover_day import end_of, first_day, read_day, said_day, usable_day
from bot.domain.decision import Decision, DecisionKind
from bot.domain.decision_weighing import failing
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.gates.board import Board
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.phases import Phase
from bot.ports.clock import Clock, Ids
from bot.services.after_decision import UnderWay
from bot.services.catalog import Catalog
from bot.services.deciding_rights import DecidingRights, cutover_of
from bot.services.decision_asking import DecisionAsking
from bot.services.decision_evidence import DecisionEvidence
from bot.services.decision_records import DecisionRecords
from bot.services.decision_rules import declared_rules
from bot.services.phases import Phases, present
from bot.store.store import Store, Transaction

_AFTER_THE_CUTOVER = ("cutover", "grace", "decommissioned")


class DecisionRequests:
    """Opens decisions; one is open in a migration at a time."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        phases: Phases,
        rights: DecidingRights,
        evidence: DecisionEvidence,
        records: DecisionRecords,
        asking: DecisionAsking,
        under_way: UnderWay,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._phases = phases
        self._rights = rights
        self._evidence = evidence
        self._records = records
        self._asking = asking
        self._under_way = under_way
        self._store = store
        self._clock = clock
        self._ids = ids

    async def permit(self, migration: str, kind: DecisionKind, *, actor: Actor, day: str = "") -> None:
        """Raises what `cutover` and `phase` raise before they look at evidence, which may take seconds."""
        playbook = await self._phases.playbook(migration)
        await self._rights.may_ask_for(playbook, kind, actor)
        if kind == "cutover":
            await self._may_be(playbook, day)
        else:
            _next(playbook)

    async def cutover(self, migration: str, *, day: str = "", actor: Actor) -> Decision:
        """Ask for the cutover on a day: the tree's questions first, where the playbook has some.

        Without a day, on the first one that leaves the checklist its time. Raises RefusedError that names
        every criterion that does not pass, or for the day or the phase; SupersededError while something is
        to be decided already, or a GO stands; NotAllowedError, UnknownNameError.
        """
        playbook = await self._phases.playbook(migration)
        await self._rights.may_ask_for(playbook, "cutover", actor)
        to, on = await self._may_be(playbook, day)
        board = await self._evidence.now(migration, "cutover", cause="cutover request")
        if not board.passes:
            await self._refuse(playbook, board, actor)
        tree = playbook.decision.cutover
        now = self._clock.now()
        zone = cutover_of(playbook).zone
        decision = self._new(playbook, "cutover", to, board, actor).model_copy(
            update={
                "status": "asking" if tree else "approving",
                "place": tree.start if tree else "",
                "day": on,
                "expires_at": min(now + cutover_of(playbook).approvals.valid_for, end_of(on, zone)),
            }
        )
        text = f"asked for the {decision.what} on {said_day(on)}"
        return await self._open(playbook, decision, text)

    async def phase(self, migration: str, *, actor: Actor) -> Decision:
        """Ask to leave the present phase for the next one, where that is not the cutover's to do.

        Raises RefusedError where the playbook says nothing of it; SupersededError while something is to
        be decided already; NotAllowedError, UnknownNameError.
        """
        playbook = await self._phases.playbook(migration)
        to = _next(playbook)
        await self._rights.may_ask_for(playbook, "phase", actor)
        await self._must_be_free(migration)
        board = await self._evidence.now(migration, "phase", cause="phase request")
        decision = self._new(playbook, "phase", to, board, actor).model_copy(
            update={"blocked": failing(board)}
        )
        return await self._open(playbook, decision, f"asked for the {decision.what}")

    async def _may_be(self, playbook: Playbook, day: str) -> tuple[Phase, date]:
        """Where the cutover leads, and its day. Raises RefusedError or SupersededError."""
        cutover, now = cutover_of(playbook), self._clock.now()
        to, here = playbook.next_phase, playbook.current_phase
        if here.kind in _AFTER_THE_CUTOVER or to is None or to.kind not in ("cutover", "grace"):
            what = f"{playbook.migration} is in phase “{here.named}”, which is not left by a cutover"
            before = f"`/cutover {playbook.migration} phase` asks for the next phase"
            raise RefusedError(what, do="" if here.kind in _AFTER_THE_CUTOVER else before)
        on = usable_day(cutover, read_day(day), now=now) if day else first_day(cutover, now=now)
        await self._must_be_free(playbook.migration)
        return to, on

    async def _must_be_free(self, migration: str) -> None:
        async with self._store.reading() as tx:
            found = await tx.decisions.open_decision(migration)
            going_on = await self._under_way.under_way(tx, migration)
        if found is not None:
            raise _open_already(found)
        if going_on:
            raise SupersededError(f"Nothing else is decided for {migration}: {going_on}")

    async def _refuse(self, playbook: Playbook, board: Board, actor: Actor) -> None:
        """Raises RefusedError, audited, with what does not pass."""
        missing = failing(board)
        async with self._store.transaction() as tx:
            await tx.journal.record(
                at=self._clock.now(),
                actor=actor,
                kind="refused",
                subject=f"migration:{playbook.migration}",
                facts={
                    "doing": "ask for the cutover",
                    "why": "; ".join(missing),
                    "evidence": board.digest(),
                },
            )
        passing = f"{sum(gate.passes for gate in board.gates)} of {len(board.gates)} gates pass"
        head = f"Cutover of {playbook.migration} is not possible yet: {passing}"
        listed = "\n".join(f"• {one}" for one in missing)
        raise RefusedError(f"{head}\n{listed}", do=f"`/gates {playbook.migration}` shows the evidence")

    def _new(self, playbook: Playbook, kind: DecisionKind, to: Phase, board: Board, actor: Actor) -> Decision:
        now = self._clock.now()
        rules = declared_rules(playbook, kind)
        if rules is None:
            raise RefusedError(f"The playbook of {playbook.migration} declares no such decision any more")
        return Decision(
            id=self._ids.new(),
            migration=playbook.migration,
            kind=kind,
            status="approving",
            asked_by=actor,
            asked_at=now,
            expires_at=now + rules.valid_for,
            from_phase=playbook.phase,
            to_phase=to.id,
            playbook_digest=self._catalog.get(playbook.migration).digest,
            evidence=board,
            **rules.kept,
        )

    async def _open(self, playbook: Playbook, decision: Decision, text: str) -> Decision:
        people = await self._asking.people(playbook, decision)
        async with self._store.transaction() as tx:
            if (await present(tx, playbook)).phase != decision.from_phase:
                raise SupersededError(f"{playbook.migration} has changed its phase at this moment")
            if not await tx.decisions.add(decision):
                found = await tx.decisions.open_decision(decision.migration)
                raise _open_already(found or decision)
            await self._note(tx, decision)
            # The message first: what is told is its thread.
            await self._records.show(tx, decision)
            await self._records.tell(tx, decision, decision.asked_by, text)
            await tx.enqueue(
                "expire_decision",
                job_id=f"expire_decision:{decision.id}",
                delay=max(timedelta(), decision.expires_at - self._clock.now()),
                decision_id=decision.id,
            )
            if decision.status == "approving":
                await self._asking.ask(tx, decision, people)
        return decision

    async def _note(self, tx: Transaction, decision: Decision) -> None:
        await self._records.note(
            tx,
            decision,
            decision.asked_by,
            "requested",
            day=decision.day.isoformat() if decision.day else None,
            role=decision.role,
            quorum=decision.needed,
            to_phase=decision.to_phase,
        )


def _next(playbook: Playbook) -> Phase:
    """The phase that comes next by a decision alone. Raises RefusedError where there is none."""
    here, to = playbook.current_phase, playbook.next_phase
    if to is None:
        raise RefusedError(f"“{here.named}” is the last phase of {playbook.migration}")
    if here.kind == "cutover":
        raise RefusedError(f"Phase “{here.named}” is left by the cutover's assessment")
    if to.kind == "cutover" or (to.kind == "grace" and here.kind not in _AFTER_THE_CUTOVER):
        what = f"Phase “{here.named}” is left by the cutover alone"
        raise RefusedError(what, do=f"Type `/cutover {playbook.migration} request 2026-12-05`, with its day")
    if here.decided_by is None:
        what = (
            f"The playbook of {playbook.migration} does not say who decides on leaving phase “{here.named}”"
        )
        raise RefusedError(what, do="Add decided_by to the phase")
    return to


def _open_already(found: Decision) -> SupersededError:
    what = f"{found.asked_by.name} asked for the {found.what} already, and it is open"
    return SupersededError(what, do="See the channel for approvals, or withdraw it first")

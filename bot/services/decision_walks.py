"""The walk of a cutover's decision tree: answered, stepped back, and what comes of where it led.

Each change is one conditional write on the decision's version: of two people who answer at once, one is
told what happened.
"""

from collections.abc import Callable
from datetime import date

from bot.domain import cutover_walk
from bot.domain.decision import Answered, Decision
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.decision import CutoverConclusion, CutoverTree
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.deciding_rights import DecidingRights
from bot.services.decision_asking import DecisionAsking
from bot.services.decision_endings import DecisionEndings
from bot.services.decision_records import DecisionRecords
from bot.store.store import Store, Transaction

Change = Callable[[Decision, CutoverTree], Decision]


class DecisionWalks:
    """Leads people through the tree, to the approvers or to a NO-GO."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        rights: DecidingRights,
        records: DecisionRecords,
        asking: DecisionAsking,
        endings: DecisionEndings,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._rights = rights
        self._records = records
        self._asking = asking
        self._endings = endings
        self._store = store
        self._clock = clock

    async def answer(self, decision_id: str, *, version: int, answer: str, actor: Actor) -> Decision:
        """Answer the open question. Raises SupersededError when somebody answered it first."""

        def given(before: Decision, tree: CutoverTree) -> Decision:
            one = Answered(
                question=before.place,
                answer=answer,
                by=actor,
                at=self._clock.now(),
                shown=before.shown or (),
            )
            return cutover_walk.answered(before, tree, one)

        return await self._change(decision_id, version, actor, "answered", given)

    async def step_back(self, decision_id: str, *, version: int, actor: Actor) -> Decision:
        """Take the last answer back."""

        def back(before: Decision, _tree: CutoverTree) -> Decision:
            return cutover_walk.stepped_back(before)

        return await self._change(decision_id, version, actor, "stepped_back", back)

    async def check_again(self, decision_id: str, *, version: int, actor: Actor) -> Decision:
        """Have the evidence evaluated once more, where something kept the approvers from being asked."""

        def unchecked(before: Decision, tree: CutoverTree) -> Decision:
            cutover_walk.conclusion(before, tree)
            return before.changed(checked=False, blocked=())

        return await self._change(decision_id, version, actor, "checked_again", unchecked)

    async def ask_approvers(self, decision_id: str, *, version: int, actor: Actor) -> Decision:
        """Ask for approvals where the tree led to GO, with or without conditions.

        Raises RefusedError for a NO-GO and while something fails, SupersededError when it has moved on.
        """
        decision, playbook = await self._to_walk(decision_id, actor)
        people = await self._asking.people(playbook, decision)
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            outcome = self._concluded(before, playbook, version)
            if outcome.verdict == "no-go":
                raise RefusedError(f"The answers led to “{outcome.title}”: there is nothing to approve")
            if before.blocked:
                what = f"The approvers cannot be asked while: {'; '.join(before.blocked)}"
                raise RefusedError(what, do="See to it, then check again")
            if not before.checked:
                raise RefusedError("The evidence is being evaluated", do="Press again in a moment")
            after = before.changed(status="approving", sent_by=actor)
            await self._write(tx, before, after)
            await self._records.note(tx, after, actor, "asked", outcome=before.conclusion)
            await self._records.show(tx, after)
            await self._records.tell(tx, after, actor, f"asks the approvers: {outcome.title}")
            await self._asking.ask(tx, after, people)
        return after

    async def to_record_no_go(self, decision_id: str, *, version: int, actor: Actor) -> Decision:
        """The decision, for somebody who is about to record the NO-GO that the tree led to."""
        decision, playbook = await self._to_walk(decision_id, actor)
        self._no_go(decision, playbook, version)
        return decision

    async def record_no_go(
        self, decision_id: str, *, version: int, reason: str, new_day: date, actor: Actor
    ) -> Decision:
        """Record it, with a reason and a new date, to which the phase is extended.

        Raises RefusedError where the tree led elsewhere, without a reason, or for a date that cannot be.
        """
        _, playbook = await self._to_walk(decision_id, actor)
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            self._no_go(before, playbook, version)
            return await self._endings.no_go(tx, before, by=actor, reason=reason, new_day=new_day)

    async def _change(
        self, decision_id: str, version: int, actor: Actor, kind: str, change: Change
    ) -> Decision:
        _, playbook = await self._to_walk(decision_id, actor)
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            tree = self._tree(before, playbook)
            self._still(before, version)
            after = change(before, tree)
            await self._write(tx, before, after)
            last = after.answers[-1] if after.answers else None
            await self._records.note(
                tx,
                after,
                actor,
                kind,
                place=after.place or after.conclusion,
                last_answer=f"{last.question}={last.answer}" if last else None,
            )
            await self._records.tell(tx, after, actor, _told(kind, after, tree))
            await self._records.show(tx, after)
            if after.conclusion:
                await self._asking.weigh_now(tx, after, f"v{after.version}")
        return after

    async def _to_walk(self, decision_id: str, actor: Actor) -> tuple[Decision, Playbook]:
        async with self._store.reading() as tx:
            decision = await tx.decisions.get(decision_id)
        playbook = self._catalog.get(decision.migration).playbook
        await self._rights.may_answer(playbook, actor)
        return decision, playbook

    def _tree(self, decision: Decision, playbook: Playbook) -> CutoverTree:
        tree = playbook.decision.cutover
        decision.still_undecided()
        if tree is None or not cutover_walk.fits(decision, tree):
            what = "The questions of the playbook have changed"
            raise RefusedError(what, do="Withdraw this request and ask again")
        return tree

    def _still(self, decision: Decision, version: int) -> None:
        """Raises SupersededError for a button of an older picture, RefusedError when its time is over."""
        if decision.status != "asking":
            raise SupersededError("The approvers are asked already; see the message as it stands now")
        if decision.version != version:
            last = decision.answers[-1] if decision.answers else None
            by = f"{last.by.name} answered already" if last else "The last answer was taken back already"
            raise SupersededError(f"{by}; see the message as it stands now")
        if self._clock.now() >= decision.expires_at:
            raise RefusedError("The time for this request is over", do="It has to be asked for anew")

    def _concluded(self, decision: Decision, playbook: Playbook, version: int) -> CutoverConclusion:
        tree = self._tree(decision, playbook)
        self._still(decision, version)
        return cutover_walk.conclusion(decision, tree)

    def _no_go(self, decision: Decision, playbook: Playbook, version: int) -> None:
        outcome = self._concluded(decision, playbook, version)
        if outcome.verdict != "no-go":
            raise RefusedError(f"The answers led to “{outcome.title}”, which is no NO-GO")

    async def _write(self, tx: Transaction, before: Decision, after: Decision) -> None:
        if not await tx.decisions.replace(before, after):
            raise SupersededError("Somebody was faster; see the message as it stands now")


def _told(kind: str, after: Decision, tree: CutoverTree) -> str:
    """The line in the thread."""
    if kind == "answered":
        given = after.answers[-1]
        asked = tree.nodes[given.question]
        beside = "; ".join(f"{one.title} {one.text}" for one in given.shown)
        said = f"“{asked.ask}”: {asked.answers[given.answer].text}"
        shown = f" (beside it: {beside})" if beside else ""
        led = f"\n{tree.outcomes[after.conclusion].title}" if after.conclusion else ""
        return f"{said}{shown}{led}"
    return "took the last answer back" if kind == "stepped_back" else "has the evidence checked again"

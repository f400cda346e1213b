"""What people say to a request: they approve, reject, or ask. The weighing decides.

An approval is bound to the evidence that its giver was shown. The role is read just before the
transaction, and anew when it is counted.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.domain.decision import Decision, DecisionApproval
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.document import Playbook
from bot.domain.typed_name import must_be_typed
from bot.ports.clock import Clock, Ids
from bot.ports.second_factor import SecondFactor
from bot.services.catalog import Catalog
from bot.services.deciding_rights import DecidingRights
from bot.services.decision_asking import DecisionAsking
from bot.services.decision_endings import DecisionEndings
from bot.services.decision_records import DecisionRecords
from bot.services.phases import present
from bot.store.store import Store, Transaction


@dataclass(frozen=True)
class GivenApproval:
    """What was submitted: the request, the evidence that was shown, and what was typed."""

    decision_id: str
    round: int
    digest: str
    typed: str
    comment: str = ""
    code: str = ""


class DecisionApprovals:
    """Takes what each person says, once, and has it counted."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        rights: DecidingRights,
        codes: SecondFactor,
        records: DecisionRecords,
        asking: DecisionAsking,
        endings: DecisionEndings,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._rights = rights
        self._codes = codes
        self._records = records
        self._asking = asking
        self._endings = endings
        self._store = store
        self._clock = clock
        self._ids = ids

    async def to_approve(self, decision_id: str, *, actor: Actor) -> Decision:
        """The request, for somebody who is about to approve it. Raises what `approve` raises."""
        decision = await self.to_reject(decision_id, actor=actor)
        _can_be_approved(decision)
        _said_nothing(decision, actor)
        return decision

    async def to_reject(self, decision_id: str, *, actor: Actor) -> Decision:
        """The request, for somebody who is about to reject it. Raises what `reject` raises."""
        decision = await self.get(decision_id)
        decision.still_asked(self._clock.now())
        await self._rights.may_decide(self._playbook(decision), decision, actor, fresh=False)
        return decision

    async def approve(self, given: GivenApproval, *, actor: Actor) -> Decision:
        """Take a person's approval; it is counted by a durable job, on evidence evaluated anew.

        Raises NotAllowedError; SourceError while only a copy of the role can be read; SupersededError for
        one who has decided already, or when it has ended; RefusedError for a wrong name or code, for
        other evidence than was shown, while something fails, or when its time is over.
        """
        decision = await self.get(given.decision_id)
        decision.still_asked(self._clock.now())
        await self._rights.may_decide(self._playbook(decision), decision, actor)
        self._takes(decision, given, actor)
        if decision.second_factor:
            await self._codes.must_be_right(actor, given.code)
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision.id)
            before.still_asked(self._clock.now())
            self._takes(before, given, actor)
            await self._same_rules(tx, before, decision)
            said = self._said(before, actor, "approve", given.comment)
            after = await self._say(tx, before, said)
            await self._records.note(tx, after, actor, "approved", count=after.count(), comment=said.comment)
            told = f": {said.comment}" if said.comment else ""
            await self._records.tell(tx, after, actor, f"approves the {after.what}, {after.count()}{told}")
            await self._records.show(tx, after)
            await self._asking.weigh_now(tx, after, said.id)
        return after

    async def reject(
        self, decision_id: str, *, reason: str, new_day: date | None = None, actor: Actor
    ) -> Decision:
        """Say no, with a reason: that is NO-GO, unless the playbook has rejections counted.

        Who approved may reject after all. Raises NotAllowedError, SourceError while only a copy of the
        role can be read, SupersededError when it has ended, RefusedError without a reason or for a date
        that cannot be.
        """
        decision = await self.get(decision_id)
        decision.still_asked(self._clock.now())
        await self._rights.may_decide(self._playbook(decision), decision, actor)
        if not reason.strip():
            raise RefusedError("A rejection takes a reason", field="reason")
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            before.still_asked(self._clock.now())
            before = await self._taken_back(tx, before, actor)
            said = self._said(before, actor, "reject", reason)
            after = await self._say(tx, before, said)
            await self._records.note(tx, after, actor, "rejected", reason=said.comment)
            if after.one_rejection_stops:
                return await self._endings.no_go(tx, after, by=actor, reason=said.comment, new_day=new_day)
            await self._records.tell(tx, after, actor, f"rejects the {after.what}: {said.comment}")
            await self._records.show(tx, after)
        return after

    async def question(self, decision_id: str, *, text: str, actor: Actor) -> None:
        """Ask whoever asked for it, in its thread. Raises NotAllowedError, RefusedError without a text."""
        decision = await self.shown(decision_id, actor=actor)
        if not text.strip():
            raise RefusedError("Write your question", field="question")
        async with self._store.transaction() as tx:
            await self._records.note(tx, decision, actor, "question", text=text.strip())
            asked = f"asks: {text.strip()}"
            await self._records.tell(tx, decision, actor, asked, mention=decision.asked_by.id)

    async def shown(self, decision_id: str, *, actor: Actor) -> Decision:
        """The request with its evidence, for anybody with a role. Raises NotAllowedError."""
        decision = await self.get(decision_id)
        await self._rights.may_look(self._playbook(decision), actor)
        return decision

    async def get(self, decision_id: str) -> Decision:
        """The decision as it stands. Raises SupersededError when there is none."""
        async with self._store.reading() as tx:
            return await tx.decisions.get(decision_id)

    def _takes(self, decision: Decision, given: GivenApproval, actor: Actor) -> None:
        """Raises for an approval that would not be of what is decided on now."""
        if why := decision.refuses(actor):
            raise RefusedError(why, field="name")
        _said_nothing(decision, actor)
        decision.shown_as(given.digest, given.round)
        _can_be_approved(decision)
        must_be_typed(decision.migration, given.typed)

    async def _same_rules(self, tx: Transaction, before: Decision, read: Decision) -> None:
        """Raises where the role was read by other rules than hold now, or the migration is elsewhere."""
        loaded = self._catalog.get(before.migration)
        if not loaded.digest == before.playbook_digest == read.playbook_digest:
            what = "The playbook has changed since this was asked for"
            raise RefusedError(what, do="It is looked at anew; approve what the message says then")
        if (await present(tx, loaded.playbook)).phase != before.from_phase:
            raise SupersededError(f"{before.migration} is not in phase {before.from_phase} any more")

    def _said(
        self, decision: Decision, actor: Actor, choice: Literal["approve", "reject"], comment: str
    ) -> DecisionApproval:
        return DecisionApproval(
            id=self._ids.new(),
            by=actor,
            at=self._clock.now(),
            choice=choice,
            comment=comment.strip(),
            evidence=decision.evidence.digest(),
        )

    async def _say(self, tx: Transaction, before: Decision, said: DecisionApproval) -> Decision:
        """Write it, once a person."""
        after = before.changed(approvals=(*before.approvals, said))
        if not await tx.decisions.replace(before, after):
            raise SupersededError("Somebody was faster; see the message as it stands now")
        if not await tx.decisions.say(before.id, said):
            raise SupersededError(f"You decided this already, and count once: {before.count()}")
        return after

    async def _taken_back(self, tx: Transaction, before: Decision, actor: Actor) -> Decision:
        """Without the approval of somebody who rejects after all."""
        standing = next((one for one in before.standing if one.by.id == actor.id), None)
        if standing is None:
            return before
        if standing.choice == "reject":
            raise SupersededError("You rejected this already, and count once")
        void = standing.model_copy(
            update={"void_at": self._clock.now(), "void_why": f"{actor.name} rejects it after all"}
        )
        await tx.decisions.make_void(void)
        await self._records.note(tx, before, SWITCHBACK, "approval_void", why=void.void_why)
        kept = tuple(void if one.id == void.id else one for one in before.approvals)
        return before.model_copy(update={"approvals": kept})

    def _playbook(self, decision: Decision) -> Playbook:
        return self._catalog.get(decision.migration).playbook


def _can_be_approved(decision: Decision) -> None:
    if decision.blocked:
        what = f"The {decision.what} cannot be approved while: {'; '.join(decision.blocked)}"
        raise RefusedError(what, field="name", do="It is looked at again every 15 minutes")


def _said_nothing(decision: Decision, actor: Actor) -> None:
    said = next((one for one in decision.standing if one.by.id == actor.id), None)
    if said is not None:
        did = "approved" if said.choice == "approve" else "rejected"
        raise SupersededError(f"You {did} this already, and count once: {decision.count()}")

"""Weighs a decision: the evidence evaluated and the role read anew, what people said counted, and decided.

What was evaluated is only used when nobody has changed the decision since it was begun; otherwise it is
evaluated again. So whoever decides has seen the evidence as it was after the last approval.
"""

import structlog

from bot.domain.decision import Decision
from bot.domain.decision_weighing import Weighed, failing, weighed
from bot.domain.errors import StoreError, SupersededError, SwitchbackError
from bot.domain.gates.board import Board
from bot.domain.person import SWITCHBACK
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.deciding_rights import DecidingRights
from bot.services.decision_asking import DecisionAsking
from bot.services.decision_endings import DecisionEndings
from bot.services.decision_evidence import DecisionEvidence, other_reasons
from bot.services.decision_records import DecisionRecords
from bot.services.decision_rules import redeclared
from bot.services.phases import Phases, present
from bot.store.store import Store, Transaction

People = frozenset[str]
# So often it is evaluated anew because somebody pressed meanwhile; each press brings a weighing of its own.
_MOST_TRIES = 5

log = structlog.get_logger()


class _NothingFollowsError(SupersededError):
    """It was approved, and what would follow is not possible any more."""


class DecisionWeighing:
    """Decides, and makes void what does not count any more."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        phases: Phases,
        rights: DecidingRights,
        evidence: DecisionEvidence,
        records: DecisionRecords,
        asking: DecisionAsking,
        endings: DecisionEndings,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._phases = phases
        self._rights = rights
        self._evidence = evidence
        self._records = records
        self._asking = asking
        self._endings = endings
        self._store = store
        self._clock = clock

    async def weigh(self, decision_id: str, number: int) -> None:
        """The durable job `weigh_decision`. The `number`th of those on time begins the wait for the next.

        What cannot be read now leaves everything as it is: nobody is counted by it.
        """
        if number > 0 and not await self._goes_on(decision_id, number):
            return
        try:
            for _ in range(_MOST_TRIES):
                if await self._weighed(decision_id):
                    return
            log.warning("decision.too_busy_to_weigh", decision=decision_id)
        except StoreError:
            raise
        except _NothingFollowsError as error:
            await self._closed(decision_id, str(error))
        except SwitchbackError as error:
            log.warning("decision.not_weighed", decision=decision_id, problem=str(error))

    async def _closed(self, decision_id: str, why: str) -> None:
        """Close what was approved and cannot be: everybody is told why."""
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            if before.is_open:
                await self._endings.outdate(tx, before, why=why)

    async def _goes_on(self, decision_id: str, number: int) -> bool:
        async with self._store.transaction(later=True) as tx:
            decision = await tx.decisions.get(decision_id)
            if decision.is_open:
                await self._asking.weigh_later(tx, decision, number + 1)
        return decision.is_open

    async def _weighed(self, decision_id: str) -> bool:
        """Weigh it once; False when somebody changed it while it was evaluated."""
        async with self._store.reading() as tx:
            seen = await tx.decisions.get(decision_id)
        if not seen.is_open:
            return True
        board = await self._evidence.now(seen.migration, seen.kind, cause=seen.subject)
        playbook = await self._phases.playbook(seen.migration)
        ruled = redeclared(seen, playbook, self._catalog.get(seen.migration).digest)
        members: People = frozenset()
        if seen.status == "approving" and ruled is not None:
            members = (await self._rights.deciders(playbook, ruled)).users
        async with self._store.transaction() as tx:
            before = await tx.decisions.held(decision_id)
            if not before.is_open:
                return True
            if before.version != seen.version:
                return False
            now = await present(tx, playbook)
            if now.phase != before.from_phase:
                await self._endings.outdate(tx, before, why=f"the phase is {now.phase} now")
            elif ruled is None:
                await self._endings.outdate(tx, before, why="the playbook does not declare it any more")
            elif before.status == "asking":
                await self._check(tx, before, board)
            else:
                await self._count(tx, before, ruled, board, members)
        return True

    async def _check(self, tx: Transaction, before: Decision, board: Board) -> None:
        """Note what the evidence of a tree's conclusion is; the buttons that were shown stay good."""
        if not before.conclusion:
            return
        blocked = (*failing(board), *other_reasons(self._catalog.get(before.migration).playbook, before))
        found = before.model_copy(update={"evidence": board, "blocked": blocked, "checked": True})
        if await tx.decisions.replace(before, found):
            await self._records.show(tx, found)

    async def _count(
        self, tx: Transaction, before: Decision, ruled: Decision, board: Board, members: People
    ) -> None:
        playbook = self._catalog.get(before.migration).playbook
        others = other_reasons(playbook, before)
        # What people said is as it was when the row was held.
        held = ruled.model_copy(update={"approvals": before.approvals})
        found = weighed(held, board, others=others, members=members, at=self._clock.now())
        after = found.after
        if found.changed:
            if not await tx.decisions.replace(before, after):
                return
            await self._tell(tx, before, found)
            await self._records.show(tx, after)
        counted = after.approving(members)
        in_time = self._clock.now() < after.expires_at
        if not after.blocked and in_time and len(counted) >= after.needed:
            try:
                await self._endings.go(tx, after, by=counted[-1].by)
            except SupersededError as error:
                raise _NothingFollowsError(error.what, do=error.do) from error

    async def _tell(self, tx: Transaction, before: Decision, found: Weighed) -> None:
        """Whose approval is void, and why; and whether anybody can approve."""
        after = found.after
        for one in found.voided:
            if await tx.decisions.make_void(one):
                await self._records.note(tx, after, one.by, "approval_void", why=one.void_why)
                text = f"What {one.by.name} said does not count any more: {one.void_why}"
                await self._records.tell(tx, after, SWITCHBACK, text, mention=one.by.id)
        if found.worse or after.blocked != before.blocked:
            await self._records.note(
                tx, after, SWITCHBACK, "evidence_changed", worse=[*found.worse], blocked=[*after.blocked]
            )
        if after.blocked and after.blocked != before.blocked:
            text = f"The {after.what} cannot be approved while: {'; '.join(after.blocked)}"
            await self._records.tell(tx, after, SWITCHBACK, text)
        elif before.blocked and not after.blocked:
            text = f"The {after.what} can be approved again, on the evidence as it is now"
            await self._records.tell(tx, after, SWITCHBACK, text)

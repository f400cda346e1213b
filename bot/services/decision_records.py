"""What is written about a decision: its audit, its thread, its message, and the calls to who has to act."""

from pydantic import JsonValue

from bot.domain.cutover_walk import question
from bot.domain.decision import Decision
from bot.domain.decision_facts import decision_facts
from bot.domain.messages.facts import Plain
from bot.domain.messages.start_request import RoleCallFacts
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.store.store import Transaction


class DecisionRecords:
    """Writes into the transaction of what happened. A decision is shown in the channel for approvals."""

    def __init__(self, *, catalog: Catalog, clock: Clock, ids: Ids) -> None:
        self._catalog = catalog
        self._clock = clock
        self._ids = ids

    async def note(
        self, tx: Transaction, decision: Decision, actor: Actor, kind: str, **facts: JsonValue
    ) -> None:
        """An entry of the audit log, with the digest of the evidence as it stands."""
        await tx.journal.record(
            at=self._clock.now(),
            actor=actor,
            kind=f"decision.{kind}",
            subject=decision.subject,
            facts={
                "migration": decision.migration,
                "of": decision.kind,
                "version": decision.version,
                "evidence": decision.evidence.digest(),
                "playbook": decision.playbook_digest,
                **facts,
            },
        )

    async def show(self, tx: Transaction, decision: Decision) -> None:
        """Bring its message up to date, and have looked up what stands beside its question."""
        playbook = self._playbook(decision)
        await tx.outbox.show(
            channel=playbook.channels.approvals,
            subject=decision.subject,
            facts=decision_facts(playbook, decision),
            at=self._clock.now(),
        )
        if self._waits_for_a_look(playbook, decision):
            job_id = f"decision_beside:{decision.id}:{decision.version}"
            await tx.enqueue(
                "decision_beside", job_id=job_id, decision_id=decision.id, version=decision.version
            )

    async def tell(
        self, tx: Transaction, decision: Decision, actor: Actor, text: str, *, mention: str = ""
    ) -> None:
        """A line in its thread, for `mention` to act on where one is named."""
        at = self._clock.now()
        await tx.outbox.say(
            channel=self._playbook(decision).channels.approvals,
            subject=f"{decision.subject}:line:{self._ids.new()}",
            thread=decision.subject,
            facts=TimelineFacts(
                entries=(TimelineEntry(at=at, actor=actor.name, text=text, mention=mention),)
            ),
            at=at,
        )

    async def call(self, tx: Transaction, decision: Decision, text: str, people: frozenset[str]) -> None:
        """One message in its thread that mentions all these people."""
        await tx.outbox.say(
            channel=self._playbook(decision).channels.approvals,
            subject=f"{decision.subject}:call:{decision.version}",
            thread=decision.subject,
            facts=RoleCallFacts(text=text, people=tuple(sorted(people))),
            at=self._clock.now(),
        )

    async def tell_everybody(self, tx: Transaction, decision: Decision, text: str) -> None:
        """A message in the channel that everybody of the migration reads."""
        await tx.outbox.say(
            channel=self._playbook(decision).channels.summaries,
            subject=f"{decision.subject}:{decision.status}",
            facts=Plain(text=text),
            at=self._clock.now(),
        )

    def _playbook(self, decision: Decision) -> Playbook:
        return self._catalog.get(decision.migration).playbook

    @staticmethod
    def _waits_for_a_look(playbook: Playbook, decision: Decision) -> bool:
        tree = playbook.decision.cutover
        asked = question(decision, tree) if tree else None
        return asked is not None and bool(asked.shows) and decision.shown is None

"""The approvers are asked: all who may decide are called, and the evidence is weighed from then on."""

from datetime import timedelta

import structlog

from bot.domain.cutover_day import said_day
from bot.domain.decision import Decision
from bot.domain.errors import SourceError
from bot.domain.playbook.document import Playbook
from bot.ports.roles import RoleDirectory
from bot.services.decision_records import DecisionRecords
from bot.store.store import Transaction

WEIGHED_EVERY = timedelta(minutes=15)

log = structlog.get_logger()


class DecisionAsking:
    """Calls those who have to act, and starts what looks at the evidence again and again."""

    def __init__(self, *, roles: RoleDirectory, records: DecisionRecords) -> None:
        self._roles = roles
        self._records = records

    async def people(self, playbook: Playbook, decision: Decision) -> frozenset[str]:
        """Who may decide, to be called; nobody where that cannot be known now: the message is there.

        Read before the transaction: a writer would make everybody wait for Slack.
        """
        role = playbook.roles.get(decision.role)
        if role is None:
            return frozenset()
        try:
            return (await self._roles.members(role)).users
        except SourceError as error:
            log.warning("decision.nobody_called", decision=decision.id, problem=str(error))
            return frozenset()

    async def ask(self, tx: Transaction, decision: Decision, people: frozenset[str]) -> None:
        """Ask for approvals of a decision that waits for them from now on."""
        on = f" on {said_day(decision.day)}" if decision.day else ""
        text = f"{decision.asked_by.name} asks for your decision: {decision.what}{on}. {decision.count()}"
        called = people - decision.askers
        if called:
            await self._records.call(tx, decision, text, called)
        await self.weigh_later(tx, decision, 1)

    async def weigh_later(self, tx: Transaction, decision: Decision, number: int) -> None:
        """Weigh it again when a quarter of an hour is over, for the `number`th time."""
        await tx.enqueue(
            "weigh_decision",
            job_id=f"weigh:{decision.id}:{number}",
            delay=WEIGHED_EVERY,
            decision_id=decision.id,
            number=number,
        )

    async def weigh_now(self, tx: Transaction, decision: Decision, cause: str) -> None:
        """Weigh it as soon as this transaction has committed."""
        await tx.enqueue(
            "weigh_decision",
            job_id=f"weigh:{decision.id}:{cause}",
            decision_id=decision.id,
            number=0,
        )

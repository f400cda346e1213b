"""Decisions of people with what each of them said, to be read."""

import sqlalchemy as sa

from bot.domain.decision import Decision, DecisionApproval
from bot.store.connection import Connection
from bot.store.decision_tables import decision_approvals, decisions


class Decided:
    """Reads decisions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def all(self, migration: str) -> tuple[Decision, ...]:
        """Every decision of a migration, oldest first, void approvals too."""
        query = sa.select(decisions.c.body).where(decisions.c.migration == migration)
        rows = (await self._connection.execute(query.order_by(decisions.c.asked_at, decisions.c.id))).all()
        return tuple([await self._with_approvals(Decision.model_validate(row.body)) for row in rows])

    async def _with_approvals(self, decision: Decision) -> Decision:
        given = await self._connection.execute(
            sa.select(decision_approvals.c.body)
            .where(decision_approvals.c.decision == decision.id)
            .order_by(decision_approvals.c.at, decision_approvals.c.id)
        )
        listed = tuple(DecisionApproval.model_validate(one.body) for one in given)
        return decision.model_copy(update={"approvals": listed})

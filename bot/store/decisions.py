"""Decisions of people, and what each of them said, changed by conditional writes."""

import sqlalchemy as sa

from bot.domain.decision import OPEN_DECISIONS, Decision, DecisionApproval
from bot.domain.errors import SupersededError
from bot.store.connection import Connection
from bot.store.decision_tables import decision_approvals, decisions
from bot.store.insert_once import insert_once


class Decisions:
    """Reads decisions and changes them while they are open.

    What people said are rows of their own: the database lets one of each person stand.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, decision_id: str) -> Decision:
        """The decision of that id. Raises SupersededError when there is none (the data was reset)."""
        return await self._read(sa.select(decisions.c.body).where(decisions.c.id == decision_id))

    async def held(self, decision_id: str) -> Decision:
        """The same, held until this transaction ends: who decides meanwhile comes after."""
        query = sa.select(decisions.c.body).where(decisions.c.id == decision_id)
        return await self._read(query.with_for_update())

    async def open_decision(self, migration: str) -> Decision | None:
        """What waits to be decided for a migration, if anything does."""
        query = sa.select(decisions.c.id).where(
            decisions.c.migration == migration, decisions.c.status.in_(OPEN_DECISIONS)
        )
        return await self._found(query)

    async def latest(self, migration: str, *, kind: str | None = None) -> Decision | None:
        """The newest decision of a migration, of a kind where one is named."""
        query = sa.select(decisions.c.id).where(decisions.c.migration == migration)
        if kind is not None:
            query = query.where(decisions.c.kind == kind)
        return await self._found(query.order_by(decisions.c.asked_at.desc(), decisions.c.id.desc()).limit(1))

    async def all(self, migration: str) -> tuple[Decision, ...]:
        """Every decision of a migration, oldest first."""
        query = sa.select(decisions.c.id).where(decisions.c.migration == migration)
        rows = await self._connection.execute(query.order_by(decisions.c.asked_at, decisions.c.id))
        return tuple([await self.get(row.id) for row in rows.all()])

    async def add(self, decision: Decision) -> bool:
        """Open one; False while another one of its migration is open."""
        return await insert_once(
            self._connection,
            decisions.insert().values(
                id=decision.id,
                migration=decision.migration,
                kind=decision.kind,
                asked_at=decision.asked_at,
                **_changing(decision),
            ),
        )

    async def replace(self, before: Decision, after: Decision) -> bool:
        """Write a changed one if it is still as it was read and open; False when somebody came first.

        One of the same version is only filled in: buttons that were shown stay good.
        """
        written = await self._connection.execute(
            decisions.update()
            .where(
                decisions.c.id == before.id,
                decisions.c.version == before.version,
                decisions.c.status.in_(OPEN_DECISIONS),
            )
            .values(**_changing(after))
        )
        return written.rowcount == 1

    async def say(self, decision_id: str, said: DecisionApproval) -> bool:
        """Write what a person said; False when something that they said stands."""
        return await insert_once(
            self._connection,
            decision_approvals.insert().values(
                id=said.id,
                decision=decision_id,
                user_id=said.by.id,
                at=said.at,
                body=said.model_dump(mode="json"),
            ),
        )

    async def make_void(self, said: DecisionApproval) -> bool:
        """Write that what a person said does not count any more; False when it did not before."""
        written = await self._connection.execute(
            decision_approvals.update()
            .where(decision_approvals.c.id == said.id, decision_approvals.c.void_at.is_(None))
            .values(void_at=said.void_at, body=said.model_dump(mode="json"))
        )
        return written.rowcount == 1

    async def _found(self, query: sa.Select[tuple[str]]) -> Decision | None:
        row = (await self._connection.execute(query)).one_or_none()
        return await self.get(row.id) if row else None

    async def _read(self, query: sa.Select[tuple[object]]) -> Decision:
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise SupersededError("This decision no longer exists")
        decision = Decision.model_validate(row.body)
        said = await self._connection.execute(
            sa.select(decision_approvals.c.body)
            .where(decision_approvals.c.decision == decision.id)
            .order_by(decision_approvals.c.at, decision_approvals.c.id)
        )
        listed = tuple(DecisionApproval.model_validate(one.body) for one in said)
        return decision.model_copy(update={"approvals": listed})


def _changing(decision: Decision) -> dict[str, object]:
    return {
        "status": decision.status,
        "version": decision.version,
        "body": decision.model_dump(mode="json", exclude={"approvals"}),
    }

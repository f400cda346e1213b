"""Evaluations of gates, kept as they were made."""

import sqlalchemy as sa

from bot.domain.errors import UnknownNameError
from bot.domain.gates.evaluation import Evaluation
from bot.store.connection import Connection
from bot.store.decision_tables import gate_evaluations


class GateEvaluations:
    """Writes and reads them. None is ever changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, evaluation: Evaluation) -> None:
        """Keep one."""
        board = evaluation.board
        await self._connection.execute(
            gate_evaluations.insert().values(
                id=evaluation.id,
                migration=board.migration,
                at=board.at,
                passes=board.passes,
                digest=board.digest(),
                cause=evaluation.cause[:120],
                body=evaluation.model_dump(mode="json"),
            )
        )

    async def get(self, evaluation_id: str) -> Evaluation:
        """The evaluation of that id. Raises UnknownNameError."""
        query = sa.select(gate_evaluations.c.body).where(gate_evaluations.c.id == evaluation_id)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownNameError("evaluation of gates", evaluation_id, ())
        return Evaluation.model_validate(row.body)

    async def latest(self, migration: str, *, count: int = 1) -> tuple[Evaluation, ...]:
        """The latest ones of a migration, newest first."""
        rows = await self._connection.execute(
            sa.select(gate_evaluations.c.body)
            .where(gate_evaluations.c.migration == migration)
            .order_by(gate_evaluations.c.at.desc(), gate_evaluations.c.id.desc())
            .limit(count)
        )
        return tuple(Evaluation.model_validate(row.body) for row in rows)

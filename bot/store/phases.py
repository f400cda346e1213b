"""In which phase each migration is, and how it came there."""

import sqlalchemy as sa

from bot.domain.phase_move import PhaseMove
from bot.store.connection import Connection
from bot.store.decision_tables import phase_moves
from bot.store.insert_once import insert_once


class PhaseMoves:
    """Writes each move once: who comes second with the same number is told so."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def latest(self, migration: str) -> PhaseMove | None:
        """The move into the present phase; None before the first."""
        query = (
            sa.select(phase_moves.c.body)
            .where(phase_moves.c.migration == migration)
            .order_by(phase_moves.c.number.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).one_or_none()
        return PhaseMove.model_validate(row.body) if row else None

    async def all(self, migration: str) -> tuple[PhaseMove, ...]:
        """Every move, oldest first."""
        rows = await self._connection.execute(
            sa.select(phase_moves.c.body)
            .where(phase_moves.c.migration == migration)
            .order_by(phase_moves.c.number)
        )
        return tuple(PhaseMove.model_validate(row.body) for row in rows)

    async def add(self, move: PhaseMove) -> bool:
        """Write a move; False when another one has its number."""
        return await insert_once(
            self._connection,
            phase_moves.insert().values(
                migration=move.migration,
                number=move.number,
                phase=move.phase,
                since=move.since,
                body=move.model_dump(mode="json"),
            ),
        )

    async def extend(self, move: PhaseMove) -> bool:
        """Write how long the present phase is to last; False when it is not the present one any more."""
        latest = await self.latest(move.migration)
        if latest is None or latest.number != move.number:
            return False
        written = await self._connection.execute(
            phase_moves.update()
            .where(phase_moves.c.migration == move.migration, phase_moves.c.number == move.number)
            .values(body=move.model_dump(mode="json"))
        )
        return written.rowcount == 1

"""Where the audit chain stood on each day, as it was posted."""

import sqlalchemy as sa

from bot.domain.audit import AuditAnchor
from bot.store.connection import Connection
from bot.store.decision_tables import audit_anchors
from bot.store.insert_once import insert_once


class AuditAnchors:
    """Writes one anchor a day."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, anchor: AuditAnchor) -> bool:
        """Write a day's; False when it has one."""
        row = {
            "day": anchor.day.isoformat(),
            "number": anchor.number,
            "digest": anchor.digest,
            "at": anchor.at,
        }
        return await insert_once(self._connection, audit_anchors.insert().values(row))

    async def all(self) -> tuple[AuditAnchor, ...]:
        """Every day's, oldest first."""
        rows = await self._connection.execute(sa.select(audit_anchors).order_by(audit_anchors.c.day))
        return tuple(AuditAnchor.model_validate(row._asdict()) for row in rows)

    async def has(self, day: str) -> bool:
        """Whether a day (2026-03-14) has one."""
        query = sa.select(audit_anchors.c.number).where(audit_anchors.c.day == day)
        return (await self._connection.execute(query)).first() is not None

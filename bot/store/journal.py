"""The audit log, a hash chain written in the transaction of what it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from pydantic import JsonValue

from bot.domain.audit import GENESIS, AuditEntry, broken_links
from bot.domain.person import Actor
from bot.store.connection import Connection
from bot.store.tables import audit, audit_head

# Made once: to make a statement takes SQLAlchemy longer than SQLite takes to execute it.
_HEAD = sa.select(audit_head.c.number, audit_head.c.digest).with_for_update()
_INSERT = audit.insert()
_MOVE_HEAD = audit_head.update()


@dataclass(frozen=True)
class _Noted:
    """An entry before it has its place in the chain."""

    at: datetime
    actor: Actor
    kind: str
    subject: str
    facts: Mapping[str, JsonValue]


class Journal:
    """Appends audit entries, all of a transaction's at its end.

    The head row is locked from there to the commit, so the chain is one, and nobody waits for long.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._noted: list[_Noted] = []

    async def record(
        self, *, at: datetime, actor: Actor, kind: str, subject: str, facts: Mapping[str, JsonValue]
    ) -> None:
        """Append one entry when the transaction ends; without it the transaction does not commit."""
        self._noted.append(_Noted(at, actor, kind, subject, facts))

    async def seal(self) -> None:
        """Write what was recorded, in that order."""
        if not self._noted:
            return
        head = (await self._connection.execute(_HEAD)).one()
        number, digest = head.number, head.digest
        rows = []
        for noted in self._noted:
            number += 1
            entry = AuditEntry(
                number=number,
                at=noted.at.astimezone(UTC).isoformat(),
                actor=f"{noted.actor.id} ({noted.actor.name})",
                kind=noted.kind,
                subject=noted.subject,
                facts=dict(noted.facts),
                previous=digest,
            )
            digest = entry.digest()
            rows.append({**vars(entry), "digest": digest})
        await self._connection.execute(_INSERT, rows)
        await self._connection.execute(_MOVE_HEAD, {"number": number, "digest": digest})
        self._noted.clear()

    async def head(self) -> tuple[int, str]:
        """The number and digest of the last entry, which stays the last one until this transaction ends."""
        head = (await self._connection.execute(_HEAD)).one()
        return head.number, head.digest

    async def problems(self) -> tuple[int, list[str]]:
        """How many entries the chain has, and what is wrong with it."""
        chain, problems = await self.chain()
        return len(chain), problems

    async def chain(self) -> tuple[list[tuple[AuditEntry, str]], list[str]]:
        """Every entry with its recorded digest, in order, and what is wrong with the chain."""
        # One statement sees one moment: the log may grow while it is read.
        ends = audit_head.c.number.label("head_number"), audit_head.c.digest.label("head_digest")
        rows = (
            await self._connection.execute(
                sa.select(audit, *ends)
                .select_from(audit_head.outerjoin(audit, sa.true()))
                .order_by(audit.c.number)
            )
        ).all()
        chain = [(_entry(row), row.digest) for row in rows if row.number is not None]
        problems = broken_links(chain)
        if not rows:
            return [], ["the head of the log is missing"]
        head, last = rows[0], chain[-1][1] if chain else GENESIS
        if head.head_digest != last or head.head_number != len(chain):
            problems.append(f"the log ends at entry {len(chain)}, its head says {head.head_number}")
        return chain, problems


def _entry(row: sa.Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry(
        number=row.number,
        at=row.at,
        actor=row.actor,
        kind=row.kind,
        subject=row.subject,
        facts=row.facts,
        previous=row.previous,
    )

"""The register of discrepancies, changed by conditional writes, and its notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.carrying_over import MOST_REGISTERED
from bot.domain.discrepancy import Discrepancy
from bot.domain.errors import UnknownNameError
from bot.domain.row_difference import RowDifference, RowKind
from bot.domain.sighting import RowSeen, row_seen
from bot.store.connection import Connection
from bot.store.reconciliation_tables import discrepancies, discrepancy_notes, row_differences

# SQLite took 999 parameters at most before 3.32 (https://www.sqlite.org/limits.html).
_AT_ONCE = 500


@dataclass(frozen=True)
class Note:
    """One line of a discrepancy's history: who said or did what, and when."""

    discrepancy: str
    at: datetime
    actor: str
    kind: str
    text: str


class Discrepancies:
    """Reads entries of the register and changes them.

    What is read to be changed is locked to the end of the transaction, in the order of ids, so that seeing
    an entry once more, which is no new version, takes nothing from a person's decision.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def held_of(self, migration: str, checks: Iterable[str]) -> tuple[Discrepancy, ...]:
        """The entries of these checks that are present, to be changed."""
        query = sa.select(discrepancies.c.body).where(
            discrepancies.c.migration == migration,
            discrepancies.c.check_id.in_(list(checks)),
            discrepancies.c.status != "fixed",
        )
        return await self._read(query.order_by(discrepancies.c.id).with_for_update())

    async def held_fixed(self, migration: str, check: str, names: Iterable[str]) -> tuple[Discrepancy, ...]:
        """Those of a check that were fixed and have one of these names, to be changed."""
        fixed = sa.select(discrepancies.c.name, discrepancies.c.id).where(
            discrepancies.c.migration == migration,
            discrepancies.c.check_id == check,
            discrepancies.c.status == "fixed",
        )
        ids = {row.name: row.id for row in await self._connection.execute(fixed)}
        wanted = sorted(ids[name] for name in ids.keys() & set(names))
        found: list[Discrepancy] = []
        for start in range(0, len(wanted), _AT_ONCE):
            query = sa.select(discrepancies.c.body).where(
                discrepancies.c.id.in_(wanted[start : start + _AT_ONCE])
            )
            found += await self._read(query.order_by(discrepancies.c.id).with_for_update())
        return tuple(found)

    async def held(self, discrepancy_id: str) -> Discrepancy:
        """One entry, to be changed. Raises UnknownNameError."""
        query = sa.select(discrepancies.c.body).where(discrepancies.c.id == discrepancy_id)
        return _only(await self._read(query.with_for_update()), discrepancy_id)

    async def get(self, discrepancy_id: str) -> Discrepancy:
        """One entry. Raises UnknownNameError."""
        query = sa.select(discrepancies.c.body).where(discrepancies.c.id == discrepancy_id)
        return _only(await self._read(query), discrepancy_id)

    async def ids(self, beginning: str) -> tuple[str, ...]:
        """The ids that begin so, ten at most."""
        query = sa.select(discrepancies.c.id).where(discrepancies.c.id.startswith(beginning, autoescape=True))
        return tuple((await self._connection.execute(query.order_by(discrepancies.c.id).limit(10))).scalars())

    async def listed(self, migration: str, *, fixed: bool = False) -> tuple[Discrepancy, ...]:
        """The entries of a migration, those that are fixed only where they are asked for."""
        query = sa.select(discrepancies.c.body).where(discrepancies.c.migration == migration)
        if not fixed:
            query = query.where(discrepancies.c.status != "fixed")
        return await self._read(query.order_by(discrepancies.c.id))

    async def add(self, entries: Sequence[Discrepancy]) -> None:
        """Keep new ones. One that another reconciliation has written meanwhile stays as that wrote it."""
        if not entries:
            return
        dialect = await self._connection.run_sync(lambda connection: connection.dialect.name)
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        statement = insert(discrepancies).on_conflict_do_nothing(
            index_elements=["migration", "check_id", "name"]
        )
        ordered = sorted(entries, key=lambda entry: (entry.check, entry.name))
        await self._connection.execute(
            statement,
            [
                {
                    "id": entry.id,
                    "migration": entry.migration,
                    "check_id": entry.check,
                    "name": entry.name,
                    "first_seen": entry.first_seen,
                    **_written(entry),
                }
                for entry in ordered
            ],
        )

    async def write(self, entries: Sequence[Discrepancy]) -> None:
        """Write entries that are held by this transaction."""
        if not entries:
            return
        statement = discrepancies.update().where(discrepancies.c.id == sa.bindparam("of_id"))
        await self._connection.execute(
            statement, [{"of_id": entry.id, **_written(entry)} for entry in entries]
        )

    async def replace(self, before: Discrepancy, after: Discrepancy) -> bool:
        """Write a person's decision if nothing was decided since it was read; False otherwise."""
        written = await self._connection.execute(
            discrepancies.update()
            .where(discrepancies.c.id == before.id, discrepancies.c.version == before.version)
            .values(**_written(after))
        )
        return written.rowcount == 1

    async def note(self, notes: Sequence[Note]) -> None:
        """Add lines to histories."""
        if notes:
            await self._connection.execute(discrepancy_notes.insert(), [vars(note) for note in notes])

    async def notes(self, ids: Iterable[str]) -> tuple[Note, ...]:
        """The histories of these entries, oldest line first."""
        wanted = sorted(ids)
        found: list[Note] = []
        for start in range(0, len(wanted), _AT_ONCE):
            query = (
                sa.select(discrepancy_notes)
                .where(discrepancy_notes.c.discrepancy.in_(wanted[start : start + _AT_ONCE]))
                .order_by(discrepancy_notes.c.number)
            )
            rows = await self._connection.execute(query)
            found += [Note(row.discrepancy, row.at, row.actor, row.kind, row.text) for row in rows]
        return tuple(found)

    async def rows_seen(self, reconciliation: str, check: str) -> tuple[RowSeen, ...]:
        """The differing rows that a reconciliation has kept of a check, in the order of their keys.

        The first of them, as many as the register holds, say in which columns they differ.
        """
        table = row_differences.c
        of_the_check = sa.and_(table.reconciliation == reconciliation, table.check_id == check)
        query = sa.select(table.kind, table.name, table.position).where(of_the_check).order_by(table.position)
        rows = (await self._connection.execute(query)).all()
        if not rows:
            return ()
        last = rows[min(len(rows), MOST_REGISTERED) - 1].position
        bodies = sa.select(table.position, table.body).where(of_the_check, table.position <= last)
        columns = {
            row.position: row_seen(RowDifference.model_validate(row.body)).columns
            for row in await self._connection.execute(bodies)
        }
        return tuple(
            RowSeen(cast(RowKind, row.kind), row.name, columns.get(row.position, ())) for row in rows
        )

    async def _read(self, query: sa.Select[tuple[object]]) -> tuple[Discrepancy, ...]:
        rows = await self._connection.execute(query)
        return tuple(Discrepancy.model_validate(row.body) for row in rows)


def _only(found: tuple[Discrepancy, ...], discrepancy_id: str) -> Discrepancy:
    if not found:
        raise UnknownNameError("discrepancy", discrepancy_id, ())
    return found[0]


def _written(entry: Discrepancy) -> dict[str, object]:
    return {
        "status": entry.status,
        "version": entry.version,
        "last_seen": entry.last_seen,
        "body": entry.model_dump(mode="json"),
    }

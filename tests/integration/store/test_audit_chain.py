"""The audit log: one chain, whatever writes at once, and no change goes unseen."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.domain.audit import GENESIS, AuditEntry
from bot.store.store import Store
from bot.store.tables import audit, audit_head
from tests.fakes.clock import START
from tests.integration.ledger import KIM, SAM

WRITERS = 6
ENTRIES_EACH = 4


async def _record(store: Store, number: int) -> None:
    async with store.transaction() as tx:
        await tx.journal.record(
            at=START, actor=SAM, kind="trial", subject=f"s:{number}", facts={"n": number, "text": "ü"}
        )


async def _problems(store: Store) -> tuple[int, list[str]]:
    async with store.reading() as tx:
        return await tx.journal.problems()


async def test_the_chain_is_whole_after_many_writers_at_once(store: Store) -> None:
    async def writer(number: int) -> None:
        for entry in range(ENTRIES_EACH):
            async with store.transaction() as tx:
                for each in ("first", "second"):
                    await tx.journal.record(
                        at=START, actor=KIM, kind=each, subject=f"{number}:{entry}", facts={}
                    )

    await asyncio.gather(*(writer(number) for number in range(WRITERS)))
    assert await _problems(store) == (2 * WRITERS * ENTRIES_EACH, [])
    async with store.database.reading() as connection:
        rows = (await connection.execute(sa.select(audit).order_by(audit.c.number))).all()
    assert rows[0].previous == GENESIS
    pairs = [(rows[at].subject, rows[at + 1].subject) for at in range(0, len(rows), 2)]
    assert all(first == second for first, second in pairs), "a transaction's entries stand together"


async def test_a_chain_that_grows_while_it_is_verified_is_whole(store: Store) -> None:
    async def write() -> None:
        for number in range(25):
            await _record(store, number)

    writing = asyncio.create_task(write())
    while not writing.done():
        count, problems = await _problems(store)
        assert problems == [], f"after {count} entries"
    await writing


_TAMPERINGS: list[tuple[str, sa.Executable, str]] = [
    ("facts", audit.update().where(audit.c.number == 2).values(facts={"n": 9}), "2 was changed"),
    ("actor", audit.update().where(audit.c.number == 3).values(actor="U9"), "3 was changed"),
    ("digest", audit.update().where(audit.c.number == 1).values(digest="f" * 64), "1 was changed"),
    ("deleted", audit.delete().where(audit.c.number == 2), "entry 2 is missing"),
    ("cut off", audit.delete().where(audit.c.number == 4), "its head says 4"),
    ("emptied", audit.delete(), "its head says 4"),
    ("head", audit_head.update().values(number=3), "its head says 3"),
    ("headless", audit_head.delete(), "the head of the log is missing"),
]


@pytest.mark.parametrize(
    ("statement", "found"), [(made, found) for _, made, found in _TAMPERINGS], ids=[t[0] for t in _TAMPERINGS]
)
async def test_a_change_behind_its_back_is_found(store: Store, statement: sa.Executable, found: str) -> None:
    for number in range(4):
        await _record(store, number)
    assert await _problems(store) == (4, [])
    async with store.database.writing(later=False) as connection:
        await connection.execute(statement)
    assert found in "\n".join((await _problems(store))[1])


async def test_an_entry_rewritten_with_a_digest_of_its_own_breaks_the_next_one(store: Store) -> None:
    for number in range(3):
        await _record(store, number)
    async with store.database.writing(later=False) as connection:
        row = (await connection.execute(sa.select(audit).where(audit.c.number == 2))).one()
        forged = AuditEntry(
            number=2,
            at=row.at,
            actor="U0EVE (Eve)",
            kind=row.kind,
            subject=row.subject,
            facts=row.facts,
            previous=row.previous,
        )
        values = {"actor": forged.actor, "digest": forged.digest()}
        await connection.execute(audit.update().where(audit.c.number == 2).values(values))
    assert (await _problems(store))[1] == ["entry 3 does not follow the entry before it"]

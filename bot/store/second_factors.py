"""Second factors: each code is used up, and each attempt counted, by one conditional write."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.second_factor import SecondFactorRecord
from bot.store.connection import Connection
from bot.store.decision_tables import second_factors
from bot.store.insert_once import insert_once

_OWN = {"user_id", "seed", "last_step", "failures", "locked_until"}


class SecondFactors:
    """Reads second factors, adds and removes them, and counts what is tried."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, user_id: str) -> SecondFactorRecord | None:
        """A person's; None for one who has none."""
        query = sa.select(second_factors).where(second_factors.c.user_id == user_id)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else _record(row)

    async def all(self) -> tuple[SecondFactorRecord, ...]:
        """Everybody's, by id."""
        rows = await self._connection.execute(sa.select(second_factors).order_by(second_factors.c.user_id))
        return tuple(_record(row) for row in rows.mappings())

    async def add(self, record: SecondFactorRecord) -> bool:
        """Keep a new one; False when the person has one."""
        return await insert_once(
            self._connection,
            second_factors.insert().values(
                **record.model_dump(include=_OWN), body=record.model_dump(mode="json", exclude=_OWN)
            ),
        )

    async def remove(self, user_id: str) -> bool:
        """Forget a person's; False when they have none."""
        removed = await self._connection.execute(
            second_factors.delete().where(second_factors.c.user_id == user_id)
        )
        return removed.rowcount == 1

    async def attempt(self, user_id: str, *, now: datetime) -> bool:
        """Count an attempt as a wrong one, before it is looked at; False while no code is taken.

        Who tries for the same person at once waits for the end of this transaction.
        """
        counted = await self._connection.execute(
            second_factors.update()
            .where(
                second_factors.c.user_id == user_id,
                sa.or_(second_factors.c.locked_until.is_(None), second_factors.c.locked_until <= now),
            )
            .values(failures=second_factors.c.failures + 1)
        )
        return counted.rowcount == 1

    async def use(self, user_id: str, *, step: int) -> bool:
        """Use up the code of a time step; False when it, or a later one, was used already."""
        used = await self._connection.execute(
            second_factors.update()
            .where(second_factors.c.user_id == user_id, second_factors.c.last_step < step)
            .values(last_step=step, failures=0, locked_until=None)
        )
        return used.rowcount == 1

    async def lock(self, user_id: str, *, until: datetime) -> None:
        """Take no code until then."""
        await self._connection.execute(
            second_factors.update()
            .where(second_factors.c.user_id == user_id)
            .values(failures=0, locked_until=until)
        )


def _record(row: sa.RowMapping) -> SecondFactorRecord:
    return SecondFactorRecord.model_validate({**row["body"], **{name: row[name] for name in _OWN}})

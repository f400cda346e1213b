"""An insert that a unique index decides."""

import sqlalchemy as sa

from bot.store.connection import Connection


async def insert_once(connection: Connection, statement: sa.Insert) -> bool:
    """Insert a row; False, and the transaction goes on, when a unique index has it already."""
    try:
        async with connection.begin_nested():
            await connection.execute(statement)
    except sa.exc.IntegrityError:
        return False
    return True

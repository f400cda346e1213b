"""An insert that a unique index decides."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_once(connection: AsyncConnection, statement: sa.Insert) -> bool:
    """Insert a row; False, and the transaction goes on, when a unique index has it already."""
    try:
        async with connection.begin_nested():
            await connection.execute(statement)
    except sa.exc.IntegrityError:
        return False
    return True

"""A bot's database, read and written from outside."""

import sqlalchemy as sa

from bot.store.database import database_url


class TablesOutside:
    """Statements to the database at a bot's URL, each in a transaction of its own."""

    def __init__(self, url: str) -> None:
        self._url = database_url(url)

    def do(self, statement: sa.Executable) -> list[sa.Row[tuple[object, ...]]]:
        """What a statement returns; nothing where it returns no rows."""
        engine = sa.create_engine(self._url, poolclass=sa.NullPool)
        try:
            with engine.begin() as connection:
                result = connection.execute(statement)
                return list(result.all()) if result.returns_rows else []
        finally:
            engine.dispose()

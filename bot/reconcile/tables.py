"""A playbook's names of tables and columns, quoted as each dialect does it."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import TableClause


def table_of(name: str, columns: Iterable[str] = ()) -> TableClause:
    """The table of a name such as `ledger` or `app.ledger`, with these columns.

    As its parts they stand behind its name: SQLite takes a quoted name alone, if it is wrong, for a text.
    """
    schema, _, table = name.rpartition(".")
    return sa.table(table, *(sa.column(column) for column in dict.fromkeys(columns)), schema=schema or None)

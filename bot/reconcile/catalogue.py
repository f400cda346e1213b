"""What a database's catalogue says: the columns of a table, and all of its tables."""

import sqlalchemy as sa
from sqlalchemy import Connection, Inspector
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import CompileError, NoSuchTableError
from sqlalchemy.sql.sqltypes import NullType

from bot.domain.errors import SourceError
from bot.domain.table_shape import TableColumn, TableShape
from bot.reconcile.rows.kinds import declared_kind

_PARTITIONS = (
    "SELECT space.nspname, part.relname FROM pg_class AS part JOIN pg_namespace AS space"
    " ON space.oid = part.relnamespace WHERE part.relispartition"
)


def columns_of(connection: Connection, name: str) -> tuple[TableColumn, ...]:
    """The columns of a table or view. Raises SourceError when there is no such table."""
    schema, _, table = name.rpartition(".")
    try:
        columns = sa.inspect(connection).get_columns(table, schema=schema or None)
    except NoSuchTableError:
        raise SourceError(f"there is no table {name}") from None
    return tuple(_column(connection, column) for column in columns)


def tables_of(connection: Connection) -> tuple[TableShape, ...]:
    """All tables that are not the database's own; those outside its default schema as `schema.table`.

    Views and partitions show rows that are in tables, and are left out.
    """
    inspector = sa.inspect(connection)
    hidden: set[tuple[str | None, str]] = set()
    if connection.dialect.name == "postgresql":
        hidden = {(space, table) for space, table in connection.exec_driver_sql(_PARTITIONS)}
    found = []
    for schema in _schemas(connection, inspector):
        for (_, table), columns in inspector.get_multi_columns(schema=schema).items():
            space = schema or inspector.default_schema_name
            if (space, table) not in hidden:
                name = table if schema is None else f"{schema}.{table}"
                names = tuple(column["name"] for column in columns)
                found.append(TableShape(name=name, columns=names, schema=space or ""))
    return tuple(sorted(found, key=lambda shape: shape.name))


def _schemas(connection: Connection, inspector: Inspector) -> list[str | None]:
    if connection.dialect.name != "postgresql":
        return [None]
    others = (name for name in inspector.get_schema_names() if name != inspector.default_schema_name)
    return [None, *(name for name in others if name != "information_schema" and not name.startswith("pg_"))]


def _column(connection: Connection, column: ReflectedColumn) -> TableColumn:
    declared = "" if isinstance(column["type"], NullType) else _declared(connection, column)
    return TableColumn(
        name=column["name"], kind=declared_kind(declared), declared=declared, nullable=column["nullable"]
    )


def _declared(connection: Connection, column: ReflectedColumn) -> str:
    try:
        return column["type"].compile(dialect=connection.dialect)
    except CompileError:
        return repr(column["type"])

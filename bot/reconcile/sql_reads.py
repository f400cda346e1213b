"""Which tables and columns a query reads, out of its text: sqlglot parses it in the dialect of its source."""

from collections.abc import Iterable, Mapping, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from bot.domain.table_shape import TableShape

_NO_SCHEMA = "main"
_DIALECTS = {"postgresql": "postgres", "mariadb": "mysql", "mssql": "tsql"}


class UnreadableSqlError(ValueError):
    """A query that does not say what it reads."""


class SqlReader:
    """Reads queries of one source, whose tables it knows. `backend` is SQLAlchemy's name of the database."""

    def __init__(self, backend: str, shapes: Sequence[TableShape]) -> None:
        name = _DIALECTS.get(backend, backend)
        self._dialect = name if name in Dialect.classes else None
        self._shapes = {_key(shape.schema or _NO_SCHEMA, shape.bare): shape for shape in shapes}
        # The schema that a name without one means: that of the tables that are named without one.
        self._default = next((shape.schema for shape in shapes if "." not in shape.name), "") or _NO_SCHEMA
        self._known = MappingSchema(normalize=False)
        for shape in shapes:
            table = exp.table_(shape.bare.casefold(), db=(shape.schema or _NO_SCHEMA).casefold())
            self._known.add_table(table, {name.casefold(): "text" for name in shape.columns})

    def reads(self, sql: str, *, only: Iterable[str] | None = None) -> dict[str, set[str]]:
        """Columns by table, both by their names in the catalogue, of what the query's answer depends on.

        `only`: of all columns that it gives, these are used. Raises UnreadableSqlError for a query that
        cannot be parsed or resolved, or that reads what is no table, such as a view.
        """
        try:
            parsed = sqlglot.parse_one(sql, dialect=self._dialect)
            if not isinstance(parsed, exp.Query):
                raise UnreadableSqlError("it is not read as a SELECT")
            scopes = traverse_scope(pushdown_projections(self._qualified(parsed, only)))
        except (SqlglotError, RecursionError) as error:
            raise UnreadableSqlError(_first_line(error)) from None
        found: dict[str, set[str]] = {}
        for scope in scopes:
            for alias, source in scope.sources.items():
                if isinstance(source, exp.Table):
                    shape = self._shape(source)
                    used = {column.name for column in scope.columns if column.table == alias}
                    found.setdefault(shape.name, set()).update(_catalogued(shape.columns, used))
        return found

    def reads_in_condition(self, table: str, where: str) -> dict[str, set[str]]:
        """What a condition on a table reads."""
        return self.reads("\n".join(("SELECT 1 FROM", table, "WHERE (", where, ")")))

    def _qualified(self, parsed: exp.Query, only: Iterable[str] | None) -> exp.Query:
        query = parsed
        if only is not None:
            columns = [exp.column(name, quoted=True) for name in only]
            query = exp.select(*columns).from_(parsed.subquery("compared"))
        own = {cte.alias.casefold() for cte in query.find_all(exp.CTE)}
        for table in query.find_all(exp.Table):
            if table.name.casefold() not in own:
                self._shape(table)
        for name in query.find_all(exp.Identifier):
            # The case of names means nothing here; quoted, no dialect changes it again.
            name.set("this", name.name.casefold())
            name.set("quoted", True)
        return qualify(
            query,
            schema=self._known,
            db=self._default.casefold(),
            quote_identifiers=False,
        )

    def _shape(self, table: exp.Table) -> TableShape:
        shape = self._shapes.get(_key(table.db or self._default, table.name))
        if shape is None:
            raise UnreadableSqlError(f"{table.name} is no table of it: what a view shows is not followed")
        return shape


def _catalogued(known: Iterable[str], used: set[str]) -> set[str]:
    by_case: Mapping[str, str] = {name.casefold(): name for name in known}
    return {by_case[name.casefold()] for name in used if name.casefold() in by_case}


def _key(schema: str, table: str) -> tuple[str, str]:
    return schema.casefold(), table.casefold()


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__

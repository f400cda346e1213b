"""What a PostgreSQL catalog says of one side's rows: types, indexes, sizes."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import sql

from bot.reconcile.rows.columns import from_clause
from bot.reconcile.rows.postgres_side import Answer, PostgresSide

_RELATION = sql.SQL(
    "SELECT c.oid::bigint, c.relkind::text, c.relhassubclass, greatest(c.reltuples, 0)::float8,"
    " greatest(c.relpages, 0), CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid)"
    " / current_setting('block_size')::bigint ELSE 0 END"
    " FROM pg_class c WHERE c.oid = to_regclass({})"
)
_COLUMNS = sql.SQL(
    "SELECT a.attname::text, a.attnum::int, coalesce(b.typname, t.typname)::text,"
    " coalesce(b.typtype, t.typtype)::text, CASE WHEN b.oid IS NULL THEN a.atttypmod ELSE t.typtypmod END,"
    " a.attnotnull, coalesce(l.collisdeterministic, true), a.attcollation::bigint"
    " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype"
    " LEFT JOIN pg_collation l ON l.oid = a.attcollation"
    " WHERE a.attrelid = to_regclass({}) AND a.attnum > 0 AND NOT a.attisdropped"
)
_INDEXES = sql.SQL(
    "SELECT i.indisunique, (i.indkey::int2[])[0:i.indnkeyatts - 1]::int[] FROM pg_index i"
    " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam"
    " WHERE i.indrelid = to_regclass({}) AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'"
)
SPREAD = sql.SQL(
    "SELECT s.correlation::float8, s.n_distinct::float8, s.histogram_bounds::text FROM pg_stats s"
    " JOIN pg_class c ON c.relname = s.tablename JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = s.schemaname AND c.oid = {} AND s.attname = {} ORDER BY s.inherited DESC LIMIT 1"
)
_TYPES = sql.SQL("SELECT oid::bigint, typname::text, typtype::text FROM pg_type WHERE oid = ANY({})")
_ROWS_A_PAGE = 50.0
"""Of a table that was never counted; a wrong guess makes chunks larger or smaller, nothing else."""


@dataclass(frozen=True)
class TypedColumn:
    """A column by the name of its type, that of a domain's base. `modifier` is -1 where there is none."""

    name: str
    type: str
    modifier: int = -1
    not_null: bool = False
    deterministic: bool = True
    collation: int = 0
    is_enum: bool = False


@dataclass(frozen=True)
class Spread:
    """How a column's values lie, as the last ANALYZE found: `bounds` cut them into equally many rows."""

    correlation: float | None = None
    distinct: float = 0.0
    bounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostgresTable:
    """One side's rows: what stands behind FROM, and what the catalog knows of it.

    `rows` is an estimate, `pages` are those of a plain table. `unique` are sets of columns that no two rows
    share, NULLs apart; `leading` are columns an index begins with. A query, a view and a foreign table have
    neither.
    """

    relation: sql.SQL
    columns: dict[str, TypedColumn]
    oid: int = 0
    rows: float = 0.0
    pages: int = 0
    unique: tuple[frozenset[str], ...] = ()
    leading: frozenset[str] = frozenset()

    def is_unique(self, key: Iterable[str]) -> bool:
        """Whether an index keeps two rows from having one key."""
        names = frozenset(key)
        return any(one <= names for one in self.unique)


def trusted(text: str) -> sql.SQL:
    """A part of a statement that the playbook declares, checked when it was read."""
    return sql.SQL(text)


def rendered(part: sql.Composable) -> sql.SQL:
    """A part of many statements, put together once."""
    return trusted(part.as_string(None))


async def postgres_table(side: PostgresSide) -> PostgresTable:
    """What the catalog says of a side's table or query. Raises SourceError."""
    behind_from = from_clause(side.place)
    if side.place.query is not None:
        return await _query(side, behind_from)
    name = sql.Literal(behind_from)
    found, described, known = await side.ask_all(
        [_RELATION.format(name), _COLUMNS.format(name), _INDEXES.format(name)]
    )
    if not found:
        raise side.place.problem(f"there is no table {behind_from}")
    oid, kind, inherited, counted, pages_then, pages = found[0]
    columns: dict[str, TypedColumn] = {}
    numbers: dict[int, str] = {}
    for called, number, of_type, type_kind, modifier, not_null, deterministic, collation in described:
        numbers[_whole(number)] = str(called)
        columns[str(called)] = TypedColumn(
            name=str(called),
            type=str(of_type),
            modifier=_whole(modifier),
            not_null=bool(not_null),
            deterministic=bool(deterministic),
            collation=_whole(collation),
            is_enum=type_kind == "e",
        )
    # An index of an old parent table says nothing of its children's rows.
    indexed = kind in ("r", "m", "p") and not (kind == "r" and inherited)
    indexes = [
        (bool(is_unique), [numbers.get(number, "") for number in _list(parts)])
        for is_unique, parts in (known if indexed else [])
    ]
    return PostgresTable(
        relation=trusted(f"{behind_from} AS compared"),
        columns=columns,
        oid=_whole(oid),
        rows=_estimate(float(str(counted)), _whole(pages_then), _whole(pages)),
        pages=_whole(pages) if indexed else 0,
        # Number 0, without a name here, is an expression.
        unique=tuple(frozenset(names) for is_unique, names in indexes if is_unique and "" not in names),
        leading=frozenset(names[0] for _, names in indexes),
    )


def spread_of(found: Answer) -> Spread:
    """How a column's values lie, by what `SPREAD` found: nothing where nobody analyzed the table."""
    if not found:
        return Spread()
    correlation, distinct, bounds = found[0]
    return Spread(
        correlation=None if correlation is None else float(str(correlation)),
        distinct=float(str(distinct)),
        bounds=tuple(str(bounds)[1:-1].split(",")) if bounds else (),
    )


async def _query(side: PostgresSide, behind_from: str) -> PostgresTable:
    nothing = sql.SQL("SELECT * FROM {} LIMIT 0").format(trusted(behind_from))
    described = await side.describe(nothing)
    oids = sorted({oid for _, oid, _ in described})
    types = {_whole(row[0]): row for row in await side.ask(_TYPES.format(sql.Literal(oids)))}
    return PostgresTable(
        relation=trusted(behind_from),
        columns={
            name: TypedColumn(
                name=name, type=str(types[oid][1]), modifier=modifier, is_enum=types[oid][2] == "e"
            )
            for name, oid, modifier in described
        },
    )


def _estimate(counted: float, pages_then: int, pages: int) -> float:
    """As the planner does it: the rows a page had when it was last counted, by the pages there are now."""
    if not pages:
        return counted
    return pages * (counted / pages_then if counted and pages_then else _ROWS_A_PAGE)


def _whole(value: object) -> int:
    return int(str(value))


def _list(value: object) -> list[int]:
    return [_whole(one) for one in value] if isinstance(value, list) else []

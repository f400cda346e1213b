"""Which tables and columns of a side its checks compare."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.domain.playbook.checks import Check
from bot.domain.playbook.places import Side
from bot.domain.table_shape import TableShape
from bot.reconcile.rows.resolve import Resolved
from bot.reconcile.shared_scans import figures_of
from bot.reconcile.sql_reads import SqlReader, UnreadableSqlError


class ComparedColumns:
    """Columns by table, by their names in the catalogue of one side; `problems` are what does not say.

    A table in which only rows are counted, or whose schema alone is compared, is there without a column:
    nobody compares what stands in them.
    """

    def __init__(self, side: Side, backend: str, shapes: Sequence[TableShape]) -> None:
        self.columns: dict[str, set[str]] = {}
        self.problems: list[str] = []
        self.side = side
        self._reader = SqlReader(backend, shapes)
        self._shapes = shapes

    def add(self, check: Check) -> None:
        """What a check compares; of a row check `add_rows` knows it."""
        for sql in _queries(check, self.side):
            self._sql(check.id, sql)
        for figure in figures_of([check], self.side):
            names = (figure.count, figure.sum, figure.average, figure.minimum, figure.maximum)
            self._named(check.id, figure.table, [name for name in names if name not in (None, "rows")])
            self._condition(check.id, figure.table, figure.where)
        if check.schema_ is not None:
            tables = check.schema_.tables
            self._named(check.id, tables.legacy if self.side == "legacy" else tables.new, ())
        if check.rules is not None and check.rules.source == self.side:
            names_of = [*check.rules.not_null, *(name for names in check.rules.unique for name in names)]
            self._named(check.id, check.rules.table, names_of)
            self._condition(check.id, check.rules.table, check.rules.where)

    def add_rows(self, check: Check, resolved: Resolved) -> None:
        """What a row check compares, as it has matched the columns."""
        if check.rows is None:
            return
        declared = check.rows.legacy if self.side == "legacy" else check.rows.new
        names = [column.side(self.side).name for column in resolved.columns]
        if declared.table is not None:
            self._named(check.id, declared.table, names)
            self._condition(check.id, declared.table, declared.where)
        elif declared.query is not None:
            self._sql(check.id, declared.query, only=names)

    def add_query(self, name: str, sql: str) -> None:
        """What a query reads that belongs to no check."""
        self._sql(name, sql)

    def _sql(self, name: str, sql: str, *, only: Iterable[str] | None = None) -> None:
        self._read(name, lambda: self._reader.reads(sql, only=only))

    def _condition(self, name: str, table: str, where: str | None) -> None:
        if where is not None:
            self._read(name, lambda: self._reader.reads_in_condition(table, where))

    def _read(self, name: str, reads: Callable[[], dict[str, set[str]]]) -> None:
        try:
            for table, columns in reads().items():
                self.columns.setdefault(table, set()).update(columns)
        except UnreadableSqlError as error:
            self.problems.append(f"{name}: its SQL on {self.side} does not say what it reads: {error}")

    def _named(self, name: str, table: str, columns: Iterable[str | None]) -> None:
        shape = self._shape(table)
        if shape is None:
            self.problems.append(f"{name}: {self.side} has no table {table}")
            return
        by_case = {column.casefold(): column for column in shape.columns}
        known = {by_case[column.casefold()] for column in columns if column and column.casefold() in by_case}
        self.columns.setdefault(shape.name, set()).update(known)

    def _shape(self, table: str) -> TableShape | None:
        return next((shape for shape in self._shapes if is_named(shape, table)), None)


def is_named(shape: TableShape, name: str) -> bool:
    """Whether a playbook's name means this table."""
    names = {shape.name, f"{shape.schema}.{shape.bare}"}
    return name.casefold() in {one.casefold() for one in names}


def _queries(check: Check, side: Side) -> Iterator[str]:
    sided: list[object] = [check.grouped, check.scalar, check.freshness, check.lag]
    if check.growth is not None:
        sided += [check.growth.current, check.growth.previous]
    for one in sided:
        sql = None if one is None else getattr(one, side)
        if isinstance(sql, str):
            yield sql
    if check.success_rate is not None and check.success_rate.source == side:
        yield check.success_rate.query

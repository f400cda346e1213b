"""Figures of a table in one scan, against the same counted one by one in Python."""

from decimal import Decimal

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql, sqlite

from bot.domain.playbook.checks import Figure
from bot.reconcile.figures import FigureScan

Row = tuple[int | None, int | None]
CONDITIONS = {None: lambda row: True, "b > 0": lambda row: row[1] is not None and row[1] > 0}
KINDS = ("count", "sum", "average", "minimum", "maximum")
ROWS = st.lists(st.tuples(*(st.none() | st.integers(-(10**9), 10**9),) * 2), max_size=12)
FIGURES = st.lists(
    st.builds(
        lambda kind, column, where: Figure.model_validate({"table": "t", kind: column, "where": where}),
        st.sampled_from(KINDS),
        st.sampled_from(["a", "b"]),
        st.sampled_from(list(CONDITIONS)),
    )
    | st.just(Figure(table="t", count="rows")),
    min_size=1,
    max_size=8,
)


def slowly(figure: Figure, rows: list[Row]) -> Decimal | None:
    """The figure, the obvious way; None where there is none."""
    chosen = [row for row in rows if CONDITIONS[figure.where](row)]
    if figure.count == "rows":
        return Decimal(len(chosen))
    name = figure.count or figure.sum or figure.average or figure.minimum or figure.maximum
    cells = [cell for row in chosen if (cell := row["ab".index(str(name))]) is not None]
    if figure.count is not None:
        return Decimal(len(cells))
    if not cells:
        return None
    if figure.average is not None:
        return Decimal(sum(cells)) / len(cells)
    return Decimal(sum(cells) if figure.sum else min(cells) if figure.minimum else max(cells))


@given(ROWS, FIGURES)
def test_each_figure_is_what_it_is_alone(rows: list[Row], figures: list[Figure]) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER, b INTEGER)")
        for row in rows:
            connection.exec_driver_sql("INSERT INTO t VALUES (?, ?)", row)
        scan = FigureScan(figures)
        reads = scan.read(tuple(connection.execute(scan.statement).one()))
    engine.dispose()
    assert [read.number for read in reads] == [slowly(figure, rows) for figure in figures]
    assert all((read.problem is None) == (read.number is not None) for read in reads)


def compiled(figures: list[Figure], dialect: sa.Dialect) -> str:
    return " ".join(str(FigureScan(figures).statement.compile(dialect=dialect)).split())


def test_names_are_quoted_as_each_dialect_does_it() -> None:
    figures = [Figure(table="app.Order", sum="group")]
    assert "sum(app.`Order`.`group`)" in compiled(figures, mysql.dialect())
    assert 'sum(app."Order"."group")' in compiled(figures, postgresql.dialect())
    assert 'sum(app."Order"."group")' in compiled(figures, sqlite.dialect())


def test_what_several_figures_need_is_computed_once_and_a_common_condition_stands_behind_where() -> None:
    where = "state = ':a' AND name LIKE '5%'"
    figures = [
        Figure.model_validate({"table": "t", kind: "pay", "where": where})
        for kind in ("sum", "average", "count")
    ]
    assert compiled(figures, sqlite.dialect()) == (
        f"SELECT sum(t.pay) AS figure_0, count(t.pay) AS figure_1 FROM t WHERE ({where})"
    )

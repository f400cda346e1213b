"""The SQL of figures that are declared without any."""

from bot.domain.playbook.checks import Figure


def figure_sql(figure: str | Figure) -> str:
    """The query of a figure; one that is a query already stays as it is."""
    if isinstance(figure, str):
        return figure
    table = ".".join(map(_quoted, figure.table.split(".")))
    where = ("WHERE (", figure.where, ")") if figure.where else ()
    return "\n".join(("SELECT", _number(figure), "FROM", table, *where))


def _number(figure: Figure) -> str:
    if figure.count is not None:
        return "COUNT(*)" if figure.count == "rows" else f"COUNT({_quoted(figure.count)})"
    functions = (
        ("SUM", figure.sum),
        ("AVG", figure.average),
        ("MIN", figure.minimum),
        ("MAX", figure.maximum),
    )
    return next(f"{name}({_quoted(column)})" for name, column in functions if column is not None)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

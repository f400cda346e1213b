"""What is sent to a source: its one SELECT, with a bound on its rows."""

from bot.domain.errors import SourceError
from bot.domain.select_only import one_select


def bounded_select(sql: str, *, rows: int) -> str:
    """The statement, limited to so many rows. Raises SourceError for anything but one SELECT."""
    try:
        statement = one_select(sql)
    except ValueError as error:
        raise SourceError(str(error)) from None
    return "\n".join(("SELECT * FROM (", statement, f") AS compared LIMIT {rows}"))

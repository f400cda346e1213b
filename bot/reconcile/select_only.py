"""What is sent to a source: its one SELECT, with a bound on its rows."""

from bot.domain.errors import SourceError
from bot.domain.select_only import one_select


def checked_select(sql: str) -> str:
    """The statement without its end. Raises SourceError for anything but one SELECT."""
    try:
        return one_select(sql)
    except ValueError as error:
        raise SourceError(str(error)) from None


def bounded_select(sql: str, *, rows: int) -> str:
    """The statement, limited to so many rows. Raises SourceError for anything but one SELECT."""
    return "\n".join(("SELECT * FROM (", checked_select(sql), f") AS compared LIMIT {rows}"))

"""The one statement that may be sent to a source: a single SELECT.

This gives people a plain answer early. What keeps a source from being written is the database: a
read-only connection, one statement at a time, and, as the documentation asks, a role that can only read.
"""

import re

from bot.domain.errors import SourceError

_QUOTED = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$.*?\$\2\$""",
    re.DOTALL,
)
_WRITES = re.compile(r"\b(insert|update|delete|merge|into)\b", re.IGNORECASE)


def bounded_select(sql: str, *, rows: int) -> str:
    """The statement, limited to so many rows. Raises SourceError for anything but one SELECT."""
    visible = _QUOTED.sub(_blank, sql)
    statement = visible.rstrip().removesuffix(";").rstrip()
    if not re.match(r"\s*(select|with)\b", statement, re.IGNORECASE):
        raise SourceError("only a SELECT is run on a source, and this query is something else")
    if ";" in statement:
        raise SourceError("a query is one statement, and this one has several")
    if write := _WRITES.search(statement):
        word = write.group().upper()
        raise SourceError(f"a source is only read, and this query has {word}", do="Quote it if it is a name")
    return "\n".join(("SELECT * FROM (", sql[: len(statement)], f") AS compared LIMIT {rows}"))


def _blank(match: re.Match[str]) -> str:
    """As long as what it stands for; comments vanish, quoted text stays something."""
    return (" " if match.group("comment") else "x") * len(match.group())

"""The one statement that may be sent to a source: a single SELECT.

This gives people a plain answer early. What keeps a source from being written is the database: a
read-only connection, one statement at a time, and, as the documentation asks, a role that can only read.
"""

import re

_QUOTED = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$.*?\$\2\$""",
    re.DOTALL,
)
_WRITES = re.compile(r"\b(insert|update|delete|merge|into)\b", re.IGNORECASE)


def one_select(sql: str) -> str:
    """The statement without its end. Raises ValueError for anything but one SELECT."""
    visible = _QUOTED.sub(_blank, sql)
    statement = visible.rstrip().removesuffix(";").rstrip()
    if not re.match(r"\s*(select|with)\b", statement, re.IGNORECASE):
        raise ValueError("only a SELECT is run on a source, and this query is something else")
    if ";" in statement:
        raise ValueError("a query is one statement, and this one has several")
    if write := _WRITES.search(statement):
        word = write.group().upper()
        raise ValueError(f"a source is only read, and this query has {word}; quote it if it is a name")
    return sql[: len(statement)]


def _blank(match: re.Match[str]) -> str:
    """As long as what it stands for; comments vanish, quoted text stays something."""
    return (" " if match.group("comment") else "x") * len(match.group())

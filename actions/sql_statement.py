"""What counts as one SQL statement that may run in a transaction of ours."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from sqlalchemy import text

# Strings (with backslashes where E'' allows them), names, comments and dollar quotes.
_NOT_CODE = re.compile(
    r"""\b[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*`
      | --[^\n]* | /\*.*?\*/ | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$""",
    re.DOTALL | re.VERBOSE,
)
_OF_THE_TRANSACTION = {
    "abort", "begin", "commit", "end", "release", "rollback", "savepoint", "start",
}  # fmt: skip


def _check(statement: str) -> str:
    code = _NOT_CODE.sub(" ", statement).strip().rstrip(";").strip()
    if not code:
        raise ValueError("there is no statement")
    if ";" in code:
        raise ValueError("give one statement; a second one is a second step")
    if code.split()[0].lower() in _OF_THE_TRANSACTION:
        raise ValueError("the step has a transaction of its own; it is not begun or ended by a statement")
    return statement


Statement = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_check)]


def placeholders(statement: str) -> frozenset[str]:
    """The names that a statement binds, written `:name`."""
    return frozenset(text(statement).compile().params)

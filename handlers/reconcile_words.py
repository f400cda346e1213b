"""What stands behind `/reconcile`, parsed: a migration, checks of it, and options."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import RefusedError, UnknownNameError
from bot.domain.messages.reconciliation import ROWS_OPTION

SUMMARY = "summary"


@dataclass(frozen=True)
class Wanted:
    """A reconciliation as somebody asks for it; no checks are all of them."""

    migration: str
    checks: tuple[str, ...] = ()
    rows: bool = False
    summary: bool = False


def parse(words: Sequence[str]) -> Wanted:
    """The words of a command, or of a button. Raises UnknownNameError and RefusedError."""
    plain = [word for word in words if not _is_option(word)]
    options = [_option(word) for word in words if _is_option(word)]
    for option in options:
        if option != ROWS_OPTION:
            raise UnknownNameError("option", option, [ROWS_OPTION])
    if not plain:
        raise RefusedError("Which migration is meant?", do="Name it first")
    migration, *checks = plain
    summary = checks == [SUMMARY]
    return Wanted(migration, () if summary else tuple(dict.fromkeys(checks)), bool(options), summary)


def _is_option(word: str) -> bool:
    return word.startswith(("-", "—", "–"))


def _option(word: str) -> str:
    """An option as it is meant: phones and Macs make a dash of two hyphens."""
    return "--" + word.lstrip("-—–")

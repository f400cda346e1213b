"""Names that lead nowhere, and ids used twice, wherever they stand in a playbook as it was read."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.errors import nearest
from bot.domain.playbook.plain import Names, Path, at, items, name


@dataclass(frozen=True)
class Unresolved:
    """A reference that leads nowhere: where it stands, and what is known there."""

    path: Path
    message: str


def missing(noun: str, used: object, known: Names, *path: str | int) -> Iterator[Unresolved]:
    """A name that is used at a path and is not among those that are known."""
    written = name(used)
    if known is not None and written is not None and written not in known:
        names = sorted(known)
        alike = nearest(written, names)
        hint = f"; did you mean {alike}?" if alike else f"; known: {', '.join(names) or 'none'}"
        yield Unresolved(path, f"no {noun} “{written}”{hint}")


def twice(path: Path, parts: object, seen: set[str] | None = None, where: str = "") -> Iterator[Unresolved]:
    """Ids of a list's parts that were `seen` before, in it or in others of their kind."""
    seen = set() if seen is None else seen
    for index, one in enumerate(items(parts)):
        used = name(at(one, "id"))
        if used in seen:
            yield Unresolved((*path, index, "id"), f"id “{used}” is used twice{where}")
        if used is not None:
            seen.add(used)

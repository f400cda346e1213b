"""Parts of a reconciliation that are valid each by itself and do not fit together."""

from collections.abc import Iterator, Mapping

from bot.domain.playbook.plain import Path, at, items, mapping, name

_RECONCILE: Path = ("reconcile",)


def check_contradictions(document: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """Where each stands, and what does not fit. A part that is not valid by itself is passed over."""
    reconcile = document.get("reconcile")
    if at(reconcile, "ready_when", "by") is not None and at(reconcile, "schedule") is None:
        message = "by is a local time, and only a schedule says of which zone; add schedule: {at: …, zone: …}"
        yield (*_RECONCILE, "ready_when", "by"), message
    compared = _compared_by(reconcile)
    for index, table in enumerate(items(at(reconcile, "coverage", "ignore"))):
        check = compared.get(table.casefold()) if isinstance(table, str) else None
        if check is not None:
            yield (*_RECONCILE, "coverage", "ignore", index), f"“{table}” is compared by check “{check}”"


def _compared_by(reconcile: object) -> dict[str, str]:
    """The first check that names a table, by that table."""
    found: dict[str, str] = {}
    for check in items(at(reconcile, "checks")):
        check_id = name(at(check, "id"))
        for table in _tables(check):
            if check_id is not None and isinstance(table, str):
                found.setdefault(table.casefold(), check_id)
    return found


def _tables(check: object) -> Iterator[object]:
    yield at(check, "rules", "table")
    yield from mapping(at(check, "schema", "tables")).values()
    for keys in (("rows",), ("scalar",), ("growth", "current"), ("growth", "previous")):
        for side in ("legacy", "new"):
            yield at(check, *keys, side, "table")

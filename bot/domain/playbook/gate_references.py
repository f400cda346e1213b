"""What gates, and the criteria for leaving a phase, name elsewhere in a playbook as it was read."""

from collections.abc import Iterator, Mapping

from bot.domain.playbook.naming import Unresolved, missing, twice
from bot.domain.playbook.plain import Names, Path, at, declared, declared_if_any, items, name

_OF_ROLES = ("owner", "sign_off", "each", "contacts", "vote")
_OF_PLANS = ("rehearsal", "alert_test")


def gate_references(document: Mapping[str, object]) -> Iterator[Unresolved]:
    """All that lead nowhere, and gates with one id."""
    yield from twice(("gates",), document.get("gates"))
    for index, gate in enumerate(items(document.get("gates"))):
        yield from missing(
            "role", at(gate, "owner"), declared(document.get("roles")), "gates", index, "owner"
        )
        for number, criterion in enumerate(items(at(gate, "criteria"))):
            yield from _criterion(document, ("gates", index, "criteria", number), criterion)
    for index, phase in enumerate(items(document.get("phases"))):
        for number, one in enumerate(items(at(phase, "leave_when"))):
            path: Path = ("phases", index, "leave_when", number, "criterion")
            yield from _criterion(document, path, at(one, "criterion"))


def _criterion(document: Mapping[str, object], path: Path, criterion: object) -> Iterator[Unresolved]:
    roles, plans = declared(document.get("roles")), declared(document.get("plans"))
    for key in _OF_ROLES:
        yield from missing("role", at(criterion, key), roles, *path, key)
    for key in _OF_PLANS:
        yield from missing("plan", at(criterion, key), plans, *path, key)
    checks = items(at(document, "reconcile", "checks"))
    yield from missing("check", at(criterion, "check"), declared(checks), *path, "check")
    yield from _sync(checks, path, at(criterion, "sync"))
    signals = declared_if_any(document, "signals")
    yield from missing("signal", at(criterion, "metric"), signals, *path, "metric")
    yield from twice((*path, "tasks"), at(criterion, "tasks"))
    if at(criterion, "rehearsal") is not None and at(document, "rehearsal") is None:
        message = "nothing is rehearsed: the playbook has no part “rehearsal”"
        yield Unresolved((*path, "rehearsal"), message)


def _sync(checks: object, path: Path, used: object) -> Iterator[Unresolved]:
    known: Names = declared(checks)
    yield from missing("check", used, known, *path, "sync")
    rates = {name(at(check, "id")) for check in items(checks) if at(check, "success_rate") is not None}
    written = name(used)
    if written is not None and known is not None and written in known and written not in rates:
        yield Unresolved((*path, "sync"), f"check “{written}” is no success_rate check")

"""Comparison of two tables' columns: which are there, of which kind, and whether they may be NULL."""

from collections.abc import Mapping, Sequence

from bot.domain.check_result import MOST_FOUND, CheckResult, Found
from bot.domain.check_verdict import error_result, result_of
from bot.domain.comparison_text import SAME
from bot.domain.playbook.checks import Check
from bot.domain.playbook.table_checks import Schema
from bot.domain.table_shape import TableColumn


def compare_schema(
    check: Check, schema: Schema, legacy: Sequence[TableColumn], new: Sequence[TableColumn]
) -> CheckResult:
    """Columns matched by name, whatever its case where no other is meant; renamed ones by their new name.

    `found` names a column as legacy does, and one that only the new side has as that side does.
    """
    if not legacy or not new:
        return error_result(check, f"there are no columns in {'the new table' if legacy else 'legacy'}")
    ignored = {name.casefold() for name in schema.ignore}
    left, right = _by_name(legacy), _by_name(new)
    found, matched, compared = [], set(), 0
    for column in left.values():
        if column.name.casefold() in ignored:
            continue
        compared += 1
        wanted = schema.renamed.get(column.name, column.name)
        other = _named(right, wanted)
        if other is None:
            found.append(Found(name=column.name, text=f"{column.name}: missing in new"))
            continue
        matched.add(other.name)
        if differences := _differences(schema, column, other):
            label = column.name if other.name == column.name else f"{column.name} (new: {other.name})"
            found.append(Found(name=column.name, text=f"{label}: {', '.join(differences)}"))
    for name in right:
        if name not in matched and name.casefold() not in ignored:
            compared += 1
            found.append(Found(name=name, text=f"{name}: only in new"))
    return result_of(
        check,
        status="failed" if found else "passed",
        legacy=_columns(len(legacy)),
        new=_columns(len(new)),
        difference=f"{len(found)} of {_columns(compared)} {_differ(len(found))}" if found else SAME,
        found=tuple(found[:MOST_FOUND]),
    )


def _differences(schema: Schema, legacy: TableColumn, new: TableColumn) -> list[str]:
    found = []
    if not _same_kind(legacy, new, schema.kinds):
        found.append(f"{_kind(legacy)} → {_kind(new)}")
    if schema.nullable and legacy.nullable != new.nullable:
        found.append(f"may be NULL only in {'legacy' if legacy.nullable else 'new'}")
    return found


def _same_kind(legacy: TableColumn, new: TableColumn, accepted: Mapping[str, str]) -> bool:
    if legacy.name in accepted:
        return new.kind == accepted[legacy.name]
    if legacy.kind is None or new.kind is None:
        return legacy.declared.casefold() == new.declared.casefold()
    return legacy.kind == new.kind or "untyped" in (legacy.kind, new.kind)


def _kind(column: TableColumn) -> str:
    declared = column.declared.lower()
    if column.kind is None:
        return declared or "no type"
    return column.kind if declared in ("", column.kind) else f"{column.kind} ({declared})"


def _by_name(columns: Sequence[TableColumn]) -> dict[str, TableColumn]:
    return {column.name: column for column in columns}


def _named(columns: Mapping[str, TableColumn], name: str) -> TableColumn | None:
    if name in columns:
        return columns[name]
    alike = [column for column in columns.values() if column.name.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _differ(count: int) -> str:
    return "differs" if count == 1 else "differ"

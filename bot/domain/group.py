"""The groups of a grouped check: their keys, and their names as people read them."""

Group = tuple[str | None, ...]
"""One part for each grouping column; None is SQL's NULL."""

_JOINT = " / "


def group_name(group: Group) -> str:
    """The parts joined by slashes. Two groups never have one name: NULL is not the text “NULL”."""
    return _JOINT.join(_part(part) for part in group)


def _part(part: str | None) -> str:
    if part is None:
        return "NULL"
    ambiguous = part in ("", "NULL") or "'" in part or _JOINT.strip() in part or part != part.strip()
    return "'" + part.replace("'", "''") + "'" if ambiguous else part

"""Discrepancies as JSON and as CSV."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from bot.domain.discrepancy import Discrepancy
from bot.domain.explanation import Explanation
from bot.store.discrepancies import Note

COLUMNS = (
    "id",
    "migration",
    "check",
    "name",
    "text",
    "status",
    "category",
    "owner",
    "first_seen",
    "since",
    "last_seen",
    "days",
    "returns",
    "said_by",
    "said_at",
    "said",
    "accepted_until",
    "earlier_by",
    "earlier",
    "earlier_ended",
    "notes",
)
# A spreadsheet reads a cell that begins so as a formula (owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def body(one: Discrepancy, notes: Sequence[Note]) -> dict[str, JsonValue]:
    """One as JSON, with its history."""
    otherwise = {"explanation", "earlier", "owner", "changed_by", "role", "extent", "opened_at"}
    return {
        **one.model_dump(mode="json", exclude={*otherwise, "seen_in", "last_day"}),
        "count": one.extent.count,
        "category": one.category,
        "since": _time(one.opened_at),
        "explanation": _said(one.explanation),
        "earlier": _said(one.earlier),
        "owner": one.owner.name if one.owner else None,
        "check_owner": one.role,
        "changed_by": one.changed_by.name,
        "notes": [
            {"at": _time(note.at), "by": note.actor, "kind": note.kind, "text": note.text} for note in notes
        ],
    }


def write_csv(path: Path, found: Sequence[Discrepancy], notes: Mapping[str, Sequence[Note]]) -> None:
    """Write them to a file, one a row: UTF-8, times in UTC. Raises OSError.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in found:
            row = _row(one, notes.get(one.id, ()))
            writer.writerow([_harmless(row[column]) for column in COLUMNS])


def _row(one: Discrepancy, notes: Sequence[Note]) -> dict[str, str]:
    said, earlier = one.explanation, one.earlier
    return {
        "id": one.id,
        "migration": one.migration,
        "check": one.check,
        "name": one.name,
        "text": one.text,
        "status": one.status,
        "category": one.category or "",
        "owner": one.owner.name if one.owner else "",
        "first_seen": _time(one.first_seen),
        "since": _time(one.opened_at),
        "last_seen": _time(one.last_seen),
        "days": str(one.days),
        "returns": str(one.returns),
        "said_by": said.by.name if said else "",
        "said_at": _time(said.at) if said else "",
        "said": said.text if said else "",
        "accepted_until": str(said.until) if said and said.until else "",
        "earlier_by": earlier.by.name if earlier else "",
        "earlier": earlier.text if earlier else "",
        "earlier_ended": earlier.ended if earlier else "",
        "notes": "\n".join(f"{_time(note.at)} {note.actor}: {note.text}" for note in notes),
    }


def _said(said: Explanation | None) -> JsonValue:
    if said is None:
        return None
    exported: dict[str, JsonValue] = said.model_dump(mode="json", exclude={"by", "extent"})
    return {**exported, "by": said.by.name}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

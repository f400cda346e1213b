"""What is told of discrepancies: those of each check, and what became of them in a reconciliation."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from bot.domain.carrying_over import Change, ChangeKind
from bot.domain.discrepancy import STATUSES, Discrepancy, DiscrepancyStatus
from bot.domain.explanation import CATEGORIES

# Of a check in a message; the rest is counted, and listed by a button.
_SHOWN = 3
_NAMED = 3
_TOLD: dict[ChangeKind, tuple[str, str]] = {
    "came_back": ("came back", "came back"),
    "lapsed": ("is open again, its acceptance is over", "are open again, their acceptance is over"),
    "grew": ("is open again, there is more of it", "are open again, there is more of them"),
    "fixed": ("is fixed", "are fixed"),
}


class CheckRegister(BaseModel):
    """The register's entries of a check that are present: how many in each status, the first ones in full."""

    model_config = ConfigDict(frozen=True)
    check: str
    counts: dict[DiscrepancyStatus, int]
    shown: tuple[Discrepancy, ...]

    @property
    def total(self) -> int:
        """How many are present."""
        return sum(self.counts.values())

    def counted(self) -> str:
        """`2 new, 1 explained`."""
        counts = (
            f"{self.counts[status]:,} {said}" for status, said in STATUSES.items() if status in self.counts
        )
        return ", ".join(counts)


def check_registers(entries: Iterable[Discrepancy], day: date) -> tuple[CheckRegister, ...]:
    """The entries of each check as they are on a day, those first that nobody has explained."""
    by_check: dict[str, list[Discrepancy]] = {}
    for entry in entries:
        by_check.setdefault(entry.check, []).append(entry.as_of(day))
    return tuple(
        CheckRegister(
            check=check,
            counts=dict(Counter(entry.status for entry in present)),
            shown=tuple(sorted(present, key=most_urgent_first)[:_SHOWN]),
        )
        for check, present in by_check.items()
    )


def most_urgent_first(entry: Discrepancy) -> tuple[int, str, str]:
    """The key that sorts entries: new, came back, explained, accepted, fixed; then by check and name."""
    return list(STATUSES).index(entry.status), entry.check, entry.name


def what_became(changes: Sequence[Change], titles: dict[str, str]) -> str:
    """What came back, is open again and is fixed, a line each; nothing where nothing did."""
    lines = []
    for kind, (one, several) in _TOLD.items():
        found = [change.after for change in changes if change.kind == kind]
        if found:
            named = ", ".join(_named(entry, titles) for entry in found[:_NAMED])
            more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
            mark = "✅" if kind == "fixed" else "❌"
            lines.append(f"{mark} {named}{more} {one if len(found) == 1 else several}")
    return "\n".join(lines)


def what_was_done(kind: str, entries: Sequence[Discrepancy], title: str) -> str:
    """What a person did to entries of a check, behind their name: `explains “3” of Accounts: …`."""
    first = entries[0]
    what = f"“{first.title}”" if len(entries) == 1 else f"{len(entries):,} discrepancies"
    head = f"{what} of {title}"
    said = first.explanation
    if kind == "assigned" and first.owner:
        return f"assigns {head} to {first.owner.name}"
    if kind == "explained" and said and said.category:
        return f"explains {head}: {CATEGORIES[said.category]}: {said.text}"
    if kind == "accepted" and said:
        return f"accepts {head} until {said.until}: {said.text}"
    return f"reopens {head}, which {first.change}"


def _named(entry: Discrepancy, titles: dict[str, str]) -> str:
    name = f"“{entry.name}” of " if entry.name else ""
    return f"{name}{titles.get(entry.check, entry.check)}"

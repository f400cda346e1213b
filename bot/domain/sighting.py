"""What a check's result says of discrepancies: which are there, by name, and what that settles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from bot.domain.check_result import CheckResult
from bot.domain.discrepancy import WHOLE
from bot.domain.extent import ONE_THING, Extent
from bot.domain.quantities import Limit
from bot.domain.row_difference import RowDifference, RowKind

LONGEST_NAME = 300
_KEPT_OF_A_NAME = 220
# The others have their limit inside, in a unit of their own, and no variance.
_MEASURED = ("scalar", "growth", "grouped")
ROW_KINDS: dict[RowKind, str] = {
    "missing_in_new": "missing in new",
    "missing_in_legacy": "missing in legacy",
    "differing": "differing",
    "duplicated": "duplicated",
}


@dataclass(frozen=True)
class RowSeen:
    """A row of a row check that differs: its key as people read it, and where it is known which columns."""

    kind: RowKind
    name: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen:
    """One thing that is wrong, by its name in the register, and how much."""

    name: str
    text: str
    extent: Extent = ONE_THING


@dataclass(frozen=True)
class Sighting:
    """What a check that was done says.

    `unnamed` things are there as well, of which nobody knows which: then what was not seen may still be
    there. `outside` is whether the check failed; one that is within its tolerance finds nothing new. `limit`
    is the tolerance of what is measured, in its unit.
    """

    check: str
    role: str
    seen: tuple[Seen, ...]
    unnamed: int = 0
    outside: bool = True
    limit: Decimal = Decimal(0)

    @property
    def complete(self) -> bool:
        """Whether what it did not see is not there."""
        return not self.unnamed


def row_seen(row: RowDifference) -> RowSeen:
    """What the register wants to know of a row that differs."""
    differing = row.kind == "differing"
    return RowSeen(row.kind, row.name, tuple(cell.column for cell in row.cells) if differing else ())


def sighting(result: CheckResult, rows: Sequence[RowSeen] = ()) -> Sighting | None:
    """What a result says, `rows` being those that a row check has listed; None for one that says nothing.

    An error or an unknown result says nothing. The name of a row tells its kind too: a row that was
    explained as differing is another discrepancy once it is missing.
    """
    if result.status not in ("passed", "failed"):
        return None
    failed = result.status == "failed"
    if result.rows is not None and (result.rows.total or not failed):
        seen = tuple(_unlike(_row(row) for row in rows))
        unnamed = max(0, result.rows.total - len(rows))
        # The tolerance of a row check is how many rows may differ: it says nothing of a row.
        return Sighting(result.check, result.owner, seen, unnamed, outside=failed)
    limit = Decimal(0)
    if result.kind in _MEASURED:
        limit = Limit.model_validate(result.tolerance.replace(",", "")).value
    named = tuple(_unlike(_named(result))) if failed else ()
    return Sighting(result.check, result.owner, named, limit=limit)


def register_name(name: str) -> str:
    """The name in the register: at most 300 characters, all of them storable.

    A longer one is its beginning and the SHA-256 digest of all of it, so that no two are taken for one.
    """
    if len(name) <= LONGEST_NAME and "\x00" not in name:
        return name
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[:_KEPT_OF_A_NAME].replace(chr(0), '␀')}… (sha256 {digest})"


def _named(result: CheckResult) -> list[Seen]:
    if result.kind == "grouped":
        outside = [group for group in result.groups if group.outside]
        named = [
            Seen(register_name(group.group), group.described(), Extent(variance=group.variance))
            for group in outside
        ]
    else:
        named = [Seen(register_name(found.name), found.text) for found in result.found]
    return named or [Seen(WHOLE, _as_a_whole(result), _extent(result))]


def _as_a_whole(result: CheckResult) -> str:
    return result.how_far_apart() or result.problem or "outside its tolerance"


def _extent(result: CheckResult) -> Extent:
    return Extent(variance=result.variance) if result.kind in _MEASURED else ONE_THING


def _row(row: RowSeen) -> Seen:
    kind = ROW_KINDS[row.kind]
    columns = f" in {', '.join(row.columns)}" if row.columns else ""
    extent = Extent(columns=row.columns) if row.columns else ONE_THING
    return Seen(register_name(f"{row.name} ({kind})"), f"{kind}{columns}", extent)


def _unlike(seen: Iterable[Seen]) -> Iterable[Seen]:
    """Each name once."""
    return {one.name: one for one in seen}.values()

"""Counts what a row check finds, and tells of it in the order of the keys."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.errors import CalledOffError
from bot.domain.playbook.places import Side
from bot.domain.row_difference import MOST_KEPT, CellDifference, ColumnCount, RowDifference, RowsFound
from bot.ports.reconciler import Advance, Watch
from bot.reconcile.rows.canonical import Canonical
from bot.reconcile.rows.cells import RowDefinition

Key = tuple[Canonical, ...]
Row = Sequence[object]
"""The values of the compared columns, in their order, as a driver gives them."""

_AT_ONCE = 1000
_LEGACY: Side = "legacy"
_NEW: Side = "new"


class Collector:
    """What one check found. A plan adds in the order of the keys, and calls `advance` at each chunk.

    It is used from the event loop alone.
    """

    def __init__(self, *, check: str, definition: RowDefinition, watch: Watch) -> None:
        self._check = check
        self._definition = definition
        self._watch = watch
        self._rows = Counter[str]()
        self._columns = Counter[str]()
        self._kept = 0
        self._untold: list[RowDifference] = []

    @property
    def keeps(self) -> bool:
        """Whether another differing row is kept by itself; otherwise it is only counted."""
        return self._kept < MOST_KEPT

    def count(self, *, legacy: int = 0, new: int = 0) -> None:
        """So many more rows were read."""
        self._rows["legacy"] += legacy
        self._rows["new"] += new

    def missing_in_new(self, key: Key, row: Row) -> None:
        """A row of legacy alone."""
        self._rows["missing_in_new"] += 1
        if self.keeps:
            cells = self._shown(legacy=row)
            self._keep(RowDifference(kind="missing_in_new", key=self.named(key), new_rows=0, cells=cells))

    def missing_in_legacy(self, key: Key, row: Row) -> None:
        """A row of the new side alone."""
        self._rows["missing_in_legacy"] += 1
        if self.keeps:
            cells = self._shown(new=row)
            self._keep(
                RowDifference(kind="missing_in_legacy", key=self.named(key), legacy_rows=0, cells=cells)
            )

    def duplicated(self, key: Key, *, legacy_rows: int, new_rows: int) -> None:
        """A key that has more than one row on a side."""
        self._rows["duplicated"] += 1
        if self.keeps:
            self._keep(
                RowDifference(
                    kind="duplicated", key=self.named(key), legacy_rows=legacy_rows, new_rows=new_rows
                )
            )

    def compare(self, key: Key, legacy: Row, new: Row) -> bool:
        """Two rows of one key, each the only one of its side; whether they differ."""
        compared = zip(self._definition.compared, legacy, new, strict=True)
        cells = [found for one, a, b in compared if (found := one.difference(a, b)) is not None]
        if cells:
            self._rows["differing"] += 1
            self._columns.update(cell.column for cell in cells)
            if self.keeps:
                self._keep(RowDifference(kind="differing", key=self.named(key), cells=tuple(cells)))
        return bool(cells)

    def add(self, *, missing_in_new: int = 0, missing_in_legacy: int = 0) -> None:
        """So many more that are only counted: more than are kept."""
        self._rows["missing_in_new"] += missing_in_new
        self._rows["missing_in_legacy"] += missing_in_legacy

    def named(self, key: Key) -> tuple[str | None, ...]:
        """A key as people read it."""
        return tuple(one.key_part(part) for one, part in zip(self._definition.keys, key, strict=True))

    async def advance(
        self,
        *,
        chunks: int,
        rows: int | None = None,
        rows_total: int | None = None,
        chunks_total: int | None = None,
    ) -> None:
        """A chunk is done: tell what was found in it. Raises CalledOffError.

        `rows` are those that were read so far, where they are not counted yet.
        """
        await self.tell()
        rows = self._rows["legacy"] + self._rows["new"] if rows is None else rows
        await self._watch.advanced(
            Advance(
                check=self._check,
                rows=rows,
                rows_total=rows_total,
                chunks=chunks,
                chunks_total=chunks_total,
            )
        )
        self.stop_if_called_off()

    async def called_off(self) -> None:
        """Wait until nobody wants the rest."""
        await self._watch.cancelled.wait()

    def stop_if_called_off(self) -> None:
        """Raises CalledOffError where nobody wants the rest."""
        if self._watch.cancelled.is_set():
            raise CalledOffError("the reconciliation was called off")

    async def tell(self) -> None:
        """Hand on what was kept and not told."""
        untold, self._untold = self._untold, []
        for start in range(0, len(untold), _AT_ONCE):
            await self._watch.differing(self._check, untold[start : start + _AT_ONCE])

    def found(self) -> RowsFound:
        """All that was counted."""
        counts = sorted(self._columns.items(), key=lambda one: (-one[1], one[0]))
        return RowsFound(
            legacy=self._rows["legacy"],
            new=self._rows["new"],
            missing_in_new=self._rows["missing_in_new"],
            missing_in_legacy=self._rows["missing_in_legacy"],
            differing=self._rows["differing"],
            duplicated=self._rows["duplicated"],
            columns=tuple(ColumnCount(column=column, rows=rows) for column, rows in counts),
        )

    def _keep(self, row: RowDifference) -> None:
        self._kept += 1
        self._untold.append(row)

    def _shown(self, *, legacy: Row | None = None, new: Row | None = None) -> tuple[CellDifference, ...]:
        values, side = (legacy, _LEGACY) if legacy is not None else (new or (), _NEW)
        shown = (
            one.one_sided(value, side) for one, value in zip(self._definition.compared, values, strict=True)
        )
        return tuple(cell for cell in shown if cell is not None)

"""Sorts the rows of a side by their keys on disk, in bounded memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from bot.reconcile.rows.batch import Batch, Cells
from bot.reconcile.rows.keys import place_of

RUN_ROWS = 1 << 17
_RUN_BYTES = 48 << 20
_BATCH_ROWS = 1 << 12
_MERGED_AT_ONCE = 12


class Spill:
    """Rows go in by `add` in any order and come out by `ordered`; `close` removes the files.

    Every batch has columns of the same types.
    """

    def __init__(self) -> None:
        # The folder of the rows has no name that tells of them, and only we may read it (mkdtemp).
        self._folder = TemporaryDirectory(prefix="switchback-rows-")
        self._pending: list[Batch] = []
        self._runs: list[Path] = []
        self._made = 0
        self._tagged: tuple[bool, ...] = ()

    def add(self, batch: Batch) -> None:
        """Some more rows."""
        self._tagged = tuple(cells.tagged for cells in batch.cells)
        self._pending.append(batch)
        rows = sum(one.rows for one in self._pending)
        size = sum(array.nbytes for one in self._pending for array in _arrays(one))
        if rows >= RUN_ROWS or size >= _RUN_BYTES:
            self._sort_pending()

    def ordered(self) -> Iterator[Batch]:
        """All rows in the order of their keys."""
        self._sort_pending()
        while len(self._runs) > _MERGED_AT_ONCE:
            some, self._runs = self._runs[:_MERGED_AT_ONCE], self._runs[_MERGED_AT_ONCE:]
            self._write(self._merged(some))
            for run in some:
                run.unlink()
        yield from self._merged(self._runs)

    def close(self) -> None:
        """Remove what was written."""
        self._folder.cleanup()

    def _sort_pending(self) -> None:
        pending, self._pending = self._pending, []
        if pending:
            batch = _sorted(pending)
            self._write(batch.slice(start, min(_BATCH_ROWS, batch.rows - start)) for start in _starts(batch))

    def _write(self, batches: Iterator[Batch]) -> None:
        self._made += 1
        path = Path(self._folder.name, f"{self._made}.arrow")
        writer: pa.RecordBatchFileWriter | None = None
        for batch in batches:
            arrays = _arrays(batch)
            table = pa.RecordBatch.from_arrays(arrays, names=[str(index) for index in range(len(arrays))])
            if writer is None:
                writer = pa.ipc.new_stream(str(path), table.schema)
            writer.write_batch(table)
        if writer is not None:
            writer.close()
            self._runs.append(path)

    def _merged(self, runs: Sequence[Path]) -> Iterator[Batch]:
        heads = [_Head(self._read(run)) for run in runs]
        while heads := [head for head in heads if head.fill()]:
            bound = min(head.last for head in heads)
            yield _sorted([head.up_to(bound) for head in heads])

    def _read(self, run: Path) -> Iterator[Batch]:
        with pa.OSFile(str(run)) as file, pa.ipc.open_stream(file) as reader:
            for one in reader:
                columns = one.columns
                keys, cells = columns[: -len(self._tagged)], columns[-len(self._tagged) :]
                yield Batch(
                    tuple(keys), tuple(Cells(*pair) for pair in zip(cells, self._tagged, strict=True))
                )


class _Head:
    """The rows of a run that come next."""

    def __init__(self, batches: Iterator[Batch]) -> None:
        self._batches = batches
        self._batch: Batch | None = None

    def fill(self) -> bool:
        """Whether there are any more."""
        while self._batch is None or not self._batch.rows:
            self._batch = next(self._batches, None)
            if self._batch is None:
                return False
        return True

    @property
    def last(self) -> tuple[object, ...]:
        """The last key that is in memory."""
        return self._batch.key_at(self._batch.rows - 1) if self._batch else ()

    def up_to(self, key: tuple[object, ...]) -> Batch:
        """Take the rows up to a key."""
        batch = self._batch or Batch((), ())
        place = place_of(batch, key, after=True)
        self._batch = batch.slice(place)
        return batch.slice(0, place)


def _arrays(batch: Batch) -> list[pa.Array]:
    return [*batch.keys, *(cells.array for cells in batch.cells)]


def _starts(batch: Batch) -> range:
    return range(0, batch.rows, _BATCH_ROWS)


def _sorted(batches: Sequence[Batch]) -> Batch:
    keys = tuple(pa.concat_arrays(arrays) for arrays in zip(*(one.keys for one in batches), strict=True))
    cells = tuple(
        Cells(pa.concat_arrays([one.array for one in some]), some[0].tagged)
        for some in zip(*(one.cells for one in batches), strict=True)
    )
    names = [str(index) for index in range(len(keys))]
    table = pa.RecordBatch.from_arrays(list(keys), names=names)
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in names])
    return Batch(keys, cells).take(order)

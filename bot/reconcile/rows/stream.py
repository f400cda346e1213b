"""One side's rows as a stream of batches in the order of their keys."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pyarrow as pa

from bot.domain.errors import SourceError
from bot.ports.clock import Clock
from bot.reconcile.rows.batch import Batch, Cells
from bot.reconcile.rows.keys import encoded_key, out_of_order
from bot.reconcile.rows.reader import RowReader
from bot.reconcile.rows.spill import Spill

T = TypeVar("T")
_GRACE = 2.0


class SideStream:
    """Reads the next batch while the last one is compared, where it is told to.

    Each batch is waited for as long as the source's time-out says.

    With `native` the database orders the rows by the key's own values; otherwise they are sorted here, by
    their keys encoded. A database that gives its rows in another order is an error, never a wrong result.
    """

    def __init__(self, reader: RowReader, *, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=f"rows-{reader.place.side}")
        self._native = True
        self._source: Iterator[tuple[Cells, ...]] = iter(())
        self._sorted: Iterator[Batch] | None = None
        self._spill: Spill | None = None
        self._coming: asyncio.Task[Batch | None] | None = None
        self._last: tuple[object, ...] | None = None
        self._ended = False
        self._closed = False

    async def open(self) -> bool:
        """Begin the snapshot; whether the side can order its rows by the key's own values."""
        await self._bounded(self._reader.open)
        return await self._bounded(self._reader.orders_keys)

    async def estimate(self) -> int | None:
        """About how many rows there are, where the side knows without counting."""
        return await self._bounded(self._reader.estimate)

    async def start(self, *, native: bool) -> None:
        """Begin to read."""
        self._native = native
        self._source = await self._bounded(lambda: self._reader.batches(ordered=native))
        if not native:
            self._spill = Spill()
        self.read_on()

    def read_on(self) -> None:
        """Begin with the next rows, unless they are on their way or all were there."""
        if self._coming is None and not self._ended:
            self._coming = asyncio.create_task(self._fetched())

    async def next(self) -> Batch | None:
        """The next rows; None after the last. Raises SourceError."""
        self.read_on()
        if self._coming is None:
            return None
        batch = await self._coming
        self._coming, self._ended = None, batch is None
        return batch

    async def close(self) -> None:
        """Give everything back; what the driver cannot end goes on in its thread until its batch is there."""
        if self._closed:
            return
        self._closed = True
        self._reader.cancel()
        if self._coming is not None:
            self._coming.cancel()
            await asyncio.gather(self._coming, return_exceptions=True)
        given_back = asyncio.wrap_future(self._threads.submit(self._close))
        self._threads.shutdown(wait=False)
        await asyncio.wait((given_back,), timeout=_GRACE)

    def _close(self) -> None:
        self._source = iter(())
        self._sorted = None
        self._reader.close()
        if self._spill is not None:
            self._spill.close()

    async def _fetched(self) -> Batch | None:
        if self._native:
            return await self._rested(self._in_order)
        return await self._sorted_here()

    async def _sorted_here(self) -> Batch | None:
        spill = self._spill or Spill()
        if self._sorted is None:
            while (cells := await self._rested(self._read)) is not None:
                await self._in_thread(partial(self._spilled, spill, cells))
            self._sorted = spill.ordered()
        rows = self._sorted
        return await self._in_thread(lambda: next(rows, None))

    async def _rested(self, read: Callable[[], T | None]) -> T | None:
        """The next rows of the source, and then as much rest as it is to have."""
        started = self._clock.monotonic()
        found = await self._bounded(read)
        throttle = self._reader.place.spec.throttle.value
        if found is not None and throttle < 100:
            took = self._clock.monotonic() - started
            await self._clock.sleep(took * float(100 / throttle - 1))
        return found

    def _read(self) -> tuple[Cells, ...] | None:
        return next(self._source, None)

    def _in_order(self) -> Batch | None:
        """The next rows, whose keys the database has put in order."""
        cells = self._read()
        if cells is None:
            return None
        batch = Batch(tuple(_native_key(one) for one in cells[: len(self._reader.key_columns)]), cells)
        if out_of_order(batch, self._last):
            raise self._reader.place.problem("the rows did not come in the order of their keys")
        self._last = batch.key_at(batch.rows - 1)
        return batch

    def _spilled(self, spill: Spill, cells: tuple[Cells, ...]) -> None:
        keys = cells[: len(self._reader.key_columns)]
        parts = [
            [self._reader.canonical(index, value) for value in one.values()] for index, one in enumerate(keys)
        ]
        encoded = pa.array([encoded_key(key) for key in zip(*parts, strict=True)], pa.binary())
        spill.add(Batch((encoded,), cells))

    async def _bounded(self, work: Callable[[], T]) -> T:
        seconds = self._reader.place.seconds
        try:
            async with asyncio.timeout(seconds + _GRACE):
                return await self._in_thread(work)
        except TimeoutError:
            self._reader.cancel()
            raise self._reader.place.problem(f"no answer within {seconds:g} s") from None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _native_key(cells: Cells) -> pa.Array:
    """A key's values as both sides have them. Raises SourceError for one that the probe did not foresee."""
    if not cells.tagged:
        kind = cells.array.type
        return cells.array.cast(pa.int64()) if pa.types.is_integer(kind) else cells.array
    values = cells.values()
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise SourceError("the key holds values of several types") from None

"""The plan for everything that is not two PostgreSQL tables: the ordered merge of two streams."""

import asyncio
from collections import deque
from collections.abc import Sequence

import pyarrow as pa

from bot.domain.errors import CalledOffError, SourceError
from bot.reconcile.rows.chunk import Suspect
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.large_buffers import give_large_buffers_back
from bot.reconcile.rows.merge import merged
from bot.reconcile.rows.plan import RowComparison
from bot.reconcile.rows.reader import native
from bot.reconcile.rows.readers import row_reader
from bot.reconcile.rows.recheck import PAUSE, Recheck
from bot.reconcile.rows.stream import SideStream

_AT_ONCE = 1000
"""Keys that are read again together."""

_MOST_WAITING = 20_000
_MOST_WAITING_OF_A_SCAN = 50_000


async def streamed(comparison: RowComparison, collector: Collector) -> None:
    """Implements `Plan`."""
    give_large_buffers_back()
    definition, clock = comparison.definition, comparison.clock
    places = (comparison.legacy, comparison.new)
    streams = [SideStream(row_reader(place, definition), clock=clock) for place in places]
    work = asyncio.create_task(_compared(comparison, collector, streams))
    called_off = asyncio.create_task(collector.called_off())
    try:
        await asyncio.wait((work, called_off), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise CalledOffError("the reconciliation was called off")
        await work
    except (UnicodeError, pa.ArrowException) as error:
        # Its text can hold a value.
        raise SourceError(f"a value of a key cannot be read ({type(error).__name__})") from None
    finally:
        for task in (work, called_off):
            task.cancel()
        await asyncio.gather(work, called_off, return_exceptions=True)
        await asyncio.gather(*(stream.close() for stream in streams))


async def _compared(comparison: RowComparison, collector: Collector, streams: Sequence[SideStream]) -> None:
    legacy, new = streams
    ordered = await asyncio.gather(legacy.open(), new.open())
    natively = all(ordered) and all(map(native, comparison.definition.keys))
    findings = _Findings(comparison, collector, native=natively)
    sizes = await asyncio.gather(legacy.estimate(), new.estimate())
    total = None if None in sizes else sum(size or 0 for size in sizes)
    await asyncio.gather(legacy.start(native=natively), new.start(native=natively))
    chunks = 0
    async for chunk in merged(comparison.definition, legacy, new):
        chunks += 1
        collector.count(legacy=chunk.legacy, new=chunk.new)
        await findings.add(chunk.suspects)
        await collector.advance(chunks=chunks, rows_total=total)
    # Given back before the rest is read again: outside WAL, SQLite's lock would keep its writers waiting.
    await asyncio.gather(*(stream.close() for stream in streams))
    await findings.finish()


class _Findings:
    """Keys that differ, on their way to the collector: read again first, where a side can have moved."""

    def __init__(self, comparison: RowComparison, collector: Collector, *, native: bool) -> None:
        self._comparison = comparison
        self._collector = collector
        self._native = native
        self._opened = comparison.clock.monotonic()
        self._waiting: deque[Suspect] = deque()
        places = comparison.legacy, comparison.new
        self._moving = all(place.url is not None for place in places)
        self._recheck = Recheck(
            comparison.definition,
            {"legacy": comparison.legacy, "new": comparison.new},
            native=native,
            make_reader=row_reader,
            clock=comparison.clock,
        )

    async def add(self, suspects: Sequence[Suspect]) -> None:
        """Some more, in order. Enough of them are read again at once."""
        if not self._moving:
            self._tell(suspects)
            return
        self._waiting.extend(suspects)
        most = _MOST_WAITING if self._native else _MOST_WAITING_OF_A_SCAN
        old_enough = self._comparison.clock.monotonic() - self._opened >= PAUSE
        while len(self._waiting) >= (_AT_ONCE if old_enough and self._native else most):
            await self._settle()

    async def finish(self) -> None:
        """The rest."""
        while self._waiting:
            await self._settle()

    async def _settle(self) -> None:
        size = min(len(self._waiting), _AT_ONCE if self._native else _MOST_WAITING_OF_A_SCAN)
        some = [self._waiting.popleft() for _ in range(size)]
        self._collector.stop_if_called_off()
        self._tell(await self._recheck.confirmed(some, read_at=self._opened))
        await self._collector.tell()

    def _tell(self, suspects: Sequence[Suspect]) -> None:
        definition = self._comparison.definition
        first = len(definition.keys)
        for one in suspects:
            values = one.legacy if one.legacy is not None else one.new or ()
            read = [column.legacy if one.legacy is not None else column.new for column in definition.keys]
            key = tuple(part(value) for part, value in zip(read, values[:first], strict=True))
            legacy, new = (one.legacy or ())[first:], (one.new or ())[first:]
            if one.kind == "duplicated":
                self._collector.duplicated(key, legacy_rows=one.legacy_rows, new_rows=one.new_rows)
            elif one.kind == "missing_in_new":
                self._collector.missing_in_new(key, legacy)
            elif one.kind == "missing_in_legacy":
                self._collector.missing_in_legacy(key, new)
            else:
                self._collector.compare(key, legacy, new)

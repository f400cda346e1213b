"""The fast ways to compare rows of PostgreSQL with rows of PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import URL

from bot.domain.errors import CalledOffError
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.plan import Plan, RowComparison
from bot.reconcile.rows.postgres_buckets import BucketSums
from bot.reconcile.rows.postgres_hash import RowHash
from bot.reconcile.rows.postgres_join import ChunkJoin
from bot.reconcile.rows.postgres_pair import BOTH, PostgresPair, UnsuitedError, paired
from bot.reconcile.rows.postgres_pipeline import both, given_up
from bot.reconcile.rows.postgres_probe import agreed_hash
from bot.reconcile.rows.postgres_ranges import KeyRanges, key_ranges
from bot.reconcile.rows.postgres_side import PostgresSide
from bot.reconcile.rows.postgres_slice_sums import SliceSums, TooDisorderlyError
from bot.reconcile.rows.postgres_slices import key_stretches
from bot.reconcile.rows.postgres_sums import RangeSums
from bot.reconcile.rows.postgres_table import postgres_table
from bot.reconcile.rows.postgres_verdicts import Verdicts

_LEAST_VERSION = 14_00_00
"""Before it, a record has no hash and a numeric no infinity."""

AgreedHash = Callable[[PostgresPair], Awaitable[RowHash]]


@dataclass(frozen=True)
class PostgresPlan:
    """Sums of row hashes, or a full join in one database; `otherwise` where neither will do.

    All of a side is read in one snapshot, which both sides share in one database. Across two, what differs
    is read once more before it is told.
    """

    otherwise: Plan
    agreed: AgreedHash = agreed_hash

    async def __call__(self, comparison: RowComparison, collector: Collector) -> None:
        """Adds to the collector, in the order of the keys. Raises SourceError and CalledOffError."""
        try:
            await unless_called_off(self._compared(comparison, collector), collector)
        except UnsuitedError:
            await self.otherwise(comparison, collector)

    async def _compared(self, comparison: RowComparison, collector: Collector) -> None:
        legacy = PostgresSide(place=comparison.legacy, clock=comparison.clock)
        new = PostgresSide(place=comparison.new, clock=comparison.clock)
        try:
            one_database = same_database(comparison.legacy.url, comparison.new.url)
            if one_database:
                await legacy.open()
                await new.open(snapshot=legacy.snapshot)
            else:
                await both(legacy.open(), new.open())
            if min(legacy.version, new.version) < _LEAST_VERSION or legacy.encoding != new.encoding:
                raise UnsuitedError("the servers are too old, or write text differently")
            tables = await both(postgres_table(legacy), postgres_table(new))
            pair = paired(comparison, (legacy, new), tables)
            verdicts = Verdicts(
                pair=pair, collector=collector, clock=comparison.clock, recheck=not one_database
            )
            await self._planned(pair, collector, verdicts)
        finally:
            await legacy.close()
            await new.close()

    async def _planned(self, pair: PostgresPair, collector: Collector, verdicts: Verdicts) -> None:
        if all(value.tolerance is None for value in pair.values):
            ranges, row_hash = await both(key_ranges(pair), self.agreed(pair))
            await _summed(pair, ranges, row_hash, collector, verdicts)
        else:
            ranges = await key_ranges(pair) if _can_join(pair) else None
            if ranges is None:
                raise UnsuitedError("a hash has no tolerance")
            await ChunkJoin(pair=pair, ranges=ranges).compare(collector, verdicts)
        await verdicts.finish()


def same_database(legacy: URL | None, new: URL | None) -> bool:
    """Whether two URLs lead to one database, whoever asks."""
    if legacy is None or new is None:
        return False
    return _place(legacy) == _place(new)


async def unless_called_off(work: Awaitable[None], collector: Collector) -> None:
    """Do the work, and end it at once, queries included, when it is called off. Raises CalledOffError."""
    task, called_off = asyncio.ensure_future(work), asyncio.ensure_future(collector.called_off())
    try:
        await asyncio.wait((task, called_off), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise CalledOffError("the reconciliation was called off")
        await task
    finally:
        await given_up((task, called_off))


async def _summed(
    pair: PostgresPair,
    ranges: KeyRanges | None,
    row_hash: RowHash,
    collector: Collector,
    verdicts: Verdicts,
) -> None:
    if ranges is None:
        return await BucketSums(pair=pair, row_hash=row_hash).compare(collector, verdicts)
    cells = RangeSums(pair=pair, ranges=ranges, row_hash=row_hash)
    stretches = await key_stretches(pair, ranges)
    if stretches is not None:
        with suppress(TooDisorderlyError):
            sums = SliceSums(pair=pair, stretches=stretches, row_hash=row_hash, cells=cells)
            return await sums.compare(collector, verdicts)
    if _can_join(pair):
        return await ChunkJoin(pair=pair, ranges=ranges).compare(collector, verdicts)
    return await cells.compare(collector, verdicts)


def _can_join(pair: PostgresPair) -> bool:
    """One query reads both tables, so that one role has to be allowed to; and no key may be twice."""
    legacy, new = pair.legacy.place.url, pair.new.place.url
    if legacy is None or new is None or not same_database(legacy, new) or legacy.username != new.username:
        return False
    return all(pair.is_unique(side) for side in BOTH)


def _place(url: URL) -> tuple[object, ...]:
    host = url.query.get("host") or url.host or ""
    return host, url.query.get("port") or url.port or 5432, url.database

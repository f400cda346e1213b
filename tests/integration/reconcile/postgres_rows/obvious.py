"""The slow and obvious comparison: all rows in memory, key by key."""

from collections import Counter, defaultdict

from bot.domain.row_difference import RowDifference
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.columns import from_clause, quoted
from bot.reconcile.rows.keys import encoded_key
from bot.reconcile.rows.plan import RowComparison
from tests.integration.reconcile.postgres_rows.postgres_world import BOTH, Found, PostgresWorld, Watching

_AS_TEXT = ("date", "time", "timestamp", "timestamptz", "json")


async def obvious(world: PostgresWorld, comparison: RowComparison) -> Found:
    """Every key with its rows, told by the row definition."""
    watch = Watching()
    collector = Collector(check="rows", definition=comparison.definition, watch=watch)
    found: dict[tuple[object, ...], dict[str, list[tuple[object, ...]]]] = defaultdict(
        lambda: {"legacy": [], "new": []}
    )
    counts = Counter[str]()
    size = len(comparison.definition.keys)
    for side in BOTH:
        own = [one.side(side) for one in comparison.resolved.columns]
        names = ", ".join(quoted(one.name) + ("::text" if one.kind in _AS_TEXT else "") for one in own)
        where = comparison.place(side).declared.where or "true"
        query = f"SELECT {names} FROM {from_clause(comparison.place(side))} WHERE ({where})"
        for row in world.connection(side).execute(query.encode()):
            keys = zip(comparison.definition.keys, row, strict=False)
            key = tuple(one.legacy(cell) if side == "legacy" else one.new(cell) for one, cell in keys)
            found[key][side].append(row[size:])
            counts[side] += 1
    collector.count(legacy=counts["legacy"], new=counts["new"])
    for key in sorted(found, key=encoded_key):
        legacy, new = found[key]["legacy"], found[key]["new"]
        if len(legacy) > 1 or len(new) > 1:
            collector.duplicated(key, legacy_rows=len(legacy), new_rows=len(new))
        elif not new:
            collector.missing_in_new(key, legacy[0])
        elif not legacy:
            collector.missing_in_legacy(key, new[0])
        else:
            collector.compare(key, legacy[0], new[0])
    await collector.tell()
    return Found(collector.found(), list[RowDifference](watch.rows))

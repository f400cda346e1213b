"""Both tables in one PostgreSQL database: a full join, chunk by chunk of a whole-number key."""

from psycopg import sql

from bot.domain.playbook.places import Side
from bot.reconcile.rows.collector import Collector
from bot.reconcile.rows.postgres_expressions import ComparedValues, Expression, own_column
from bot.reconcile.rows.postgres_pair import KeyText, PostgresPair
from bot.reconcile.rows.postgres_pipeline import in_order
from bot.reconcile.rows.postgres_ranges import Cell, KeyRanges
from bot.reconcile.rows.postgres_table import rendered
from bot.reconcile.rows.postgres_verdicts import Verdicts

_PLANNER = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "max_parallel_workers_per_gather": "0",
    "work_mem": "64MB",
}
_CHUNK = sql.SQL(
    "SELECT count(legacy.key_0), count(new.key_0), {keys}"
    " FROM (SELECT {legacy} FROM {legacy_relation} WHERE {legacy_axis} BETWEEN {low} AND {high}"
    " AND {legacy_chosen}) AS legacy"
    " FULL JOIN (SELECT {new} FROM {new_relation} WHERE {new_axis} BETWEEN {low} AND {high}"
    " AND {new_chosen}) AS new ON {same_key}"
)


class ChunkJoin:
    """Finds the keys whose rows differ or are on one side alone. No key may be twice on a side."""

    def __init__(self, *, pair: PostgresPair, ranges: KeyRanges) -> None:
        self._pair = pair
        self._ranges = ranges
        same_key = sql.SQL(" AND ").join(map(self._same_key, range(len(pair.keys))))
        parts = {
            **self._of_side("legacy"),
            **self._of_side("new"),
            "keys": self._keys(),
            "same_key": same_key,
        }
        self._parts = {name: rendered(part) for name, part in parts.items()}

    async def compare(self, collector: Collector, verdicts: Verdicts) -> None:
        """Counts all rows, and judges the keys that differ. Raises SourceError and CalledOffError."""
        self._pair.legacy.tune(_PLANNER)
        await verdicts.judge_nulls()
        rows = round(self._pair.legacy_table.rows + self._pair.new_table.rows)
        connections = self._pair.legacy.place.spec.connections
        chunks = in_order(self._ranges.chunked(), self._chunk, ahead=2 * connections)
        number = 0
        try:
            async for legacy, new, candidates in chunks:
                number += 1
                collector.count(legacy=legacy, new=new)
                await verdicts.judge(candidates)
                await collector.advance(
                    chunks=number, rows_total=rows, chunks_total=max(number, self._ranges.chunks)
                )
        finally:
            await chunks.aclose()

    async def _chunk(self, cells: list[Cell]) -> tuple[int, int, list[KeyText]]:
        query = _CHUNK.format(**self._parts, low=sql.Literal(cells[0].low), high=sql.Literal(cells[-1].high))
        legacy, new, *keys = (await self._pair.legacy.ask(query))[0]
        lists = [key for key in keys if isinstance(key, list)]
        return int(str(legacy)), int(str(new)), [tuple(map(str, key)) for key in zip(*lists, strict=True)]

    def _keys(self) -> Expression:
        differ = sql.SQL(" OR ").join(
            [sql.SQL("legacy.key_0 IS NULL OR new.key_0 IS NULL"), *self._differences()]
        )
        # A side that lacks the row has a NULL for its text, and legacy's stands for both otherwise.
        texts = [
            sql.SQL("array_agg(coalesce(legacy.{k}::text, new.{k}::text)) FILTER (WHERE {differ})").format(
                k=sql.Identifier(f"key_{place}"), differ=differ
            )
            for place in range(len(self._pair.keys))
        ]
        return sql.SQL(", ").join(texts)

    def _differences(self) -> list[Expression]:
        found: list[Expression] = []
        for place, value in enumerate(self._pair.values):
            legacy, new = (sql.Identifier(side, f"value_{place}") for side in ("legacy", "new"))
            found.append(differ(value, legacy, new))
            if value.unmapped is not None:
                found.append(sql.Identifier("legacy", f"unmapped_{place}"))
        return found

    def _same_key(self, place: int) -> Expression:
        legacy, new = (sql.Identifier(side, f"key_{place}") for side in ("legacy", "new"))
        if self._pair.keys[place].form == "text":
            # Two columns may have two collations, and the database would not know which one to use.
            columns = [self._pair.key_columns(side)[place].collation for side in ("legacy", "new")]
            if columns[0] != columns[1]:
                return sql.SQL('{} = {} COLLATE "C"').format(legacy, new)
        return sql.SQL("{} = {}").format(legacy, new)

    def _of_side(self, side: Side) -> dict[str, Expression]:
        pair = self._pair
        columns = pair.key_columns(side)
        selected: list[Expression] = [
            sql.SQL("{} AS {}").format(own_column(column), sql.Identifier(f"key_{place}"))
            for place, column in enumerate(columns)
        ]
        for place, value in enumerate(pair.values):
            name = sql.Identifier(f"value_{place}")
            selected.append(sql.SQL("{} AS {}").format(value.side(side), name))
            if value.unmapped is not None and side == "legacy":
                name = sql.Identifier(f"unmapped_{place}")
                selected.append(sql.SQL("{} AS {}").format(value.unmapped, name))
        return {
            side: sql.SQL(", ").join(selected),
            f"{side}_relation": pair.table(side).relation,
            f"{side}_axis": own_column(columns[0]),
            f"{side}_chosen": pair.chosen(side),
        }


def differ(value: ComparedValues, legacy: Expression, new: Expression) -> Expression:
    """A condition that is true where two values of a column may differ."""
    if value.tolerance is None:
        return sql.SQL("{} IS DISTINCT FROM {}").format(legacy, new)
    limit = sql.Literal(value.tolerance.value)
    near = sql.SQL("abs({n} - {l}) <= {t}").format(l=legacy, n=new, t=limit)
    if value.tolerance.unit == "%":
        near = sql.SQL("abs({n} - {l}) * 100 <= {t} * abs({l})").format(l=legacy, n=new, t=limit)
    # To the database NaN equals itself and is above all else; a NULL leaves the question open.
    near = sql.SQL("abs({n} - {l}) < 'Infinity' AND {near}").format(l=legacy, n=new, near=near)
    return sql.SQL("NOT coalesce({}, {} IS NULL AND {} IS NULL)").format(near, legacy, new)

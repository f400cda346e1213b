"""Which tables and columns of both sides no check compares."""

import asyncio
from collections.abc import Sequence

from bot.domain.errors import SettingsError, SourceError
from bot.domain.playbook.checks import Check, Reconcile
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.places import Side
from bot.domain.table_shape import TableShape
from bot.ports.clock import Clock
from bot.ports.coverage import Coverage, Uncompared
from bot.reconcile.compared_columns import ComparedColumns, is_named
from bot.reconcile.opening import Secrets, open_source, resolved
from bot.reconcile.reconciler import OpenSource
from bot.reconcile.rows.columns import read_columns
from bot.reconcile.rows.place import row_place
from bot.reconcile.rows.resolve import Resolved, resolve

SIDES: tuple[Side, Side] = ("legacy", "new")


class PlaybookCoverageReader:
    """Implements `bot.ports.coverage.CoverageReader`. `secret` gives the value of a named setting."""

    def __init__(self, *, clock: Clock, secret: Secrets, open_source: OpenSource = open_source) -> None:
        self._clock = clock
        self._secret = secret
        self._open_source = open_source

    async def read(self, loaded: LoadedPlaybook) -> Coverage:
        """Reads the catalogues of both sides. A side that cannot be read is a problem, never an exception."""
        reconcile = loaded.playbook.reconcile
        problems: list[str] = []
        compared: list[ComparedColumns] = []
        shapes: dict[Side, Sequence[TableShape]] = {}
        catalogues = await asyncio.gather(*(self._catalogue(loaded, side) for side in SIDES))
        for side, found in zip(SIDES, catalogues, strict=True):
            if isinstance(found, str):
                problems.append(found)
                continue
            shapes[side] = [shape for shape in found if not _ignored(reconcile, shape)]
            compared.append(self._compared(loaded, side, found))
        problems += await self._rows(loaded, compared)
        problems += [problem for one in compared for problem in one.problems]
        return Coverage(
            uncompared=tuple(
                uncompared
                for one in compared
                for uncompared in _uncompared(one.side, shapes[one.side], one.columns)
            ),
            tables=sum(len(found) for found in shapes.values()),
            columns=sum(len(shape.columns) for found in shapes.values() for shape in found),
            problems=tuple(dict.fromkeys(problems)),
            columns_of={side: sum(len(shape.columns) for shape in found) for side, found in shapes.items()},
        )

    async def _catalogue(self, loaded: LoadedPlaybook, side: Side) -> tuple[TableShape, ...] | str:
        source = self._open_source(side, loaded.playbook.sources.of(side), loaded.folder, self._secret)
        try:
            return await source.tables()
        except SourceError as error:
            return str(error)
        finally:
            await source.close()

    def _compared(self, loaded: LoadedPlaybook, side: Side, shapes: Sequence[TableShape]) -> ComparedColumns:
        backend = resolved(loaded.playbook.sources.of(side), loaded.folder, self._secret).get_backend_name()
        compared = ComparedColumns(side, backend, shapes)
        for check in loaded.playbook.reconcile.checks:
            compared.add(check)
        ready_when = loaded.playbook.reconcile.ready_when
        batch = None if ready_when is None else ready_when.batch(side)
        if batch is not None:
            compared.add_query("ready_when", batch.sql)
        return compared

    async def _rows(self, loaded: LoadedPlaybook, compared: Sequence[ComparedColumns]) -> list[str]:
        """Adds what row checks compare; of one that cannot be matched it says why."""
        problems = []
        for check in loaded.playbook.reconcile.checks:
            if check.rows is not None:
                try:
                    matched = await self._matched(check, loaded)
                except (SourceError, SettingsError) as error:
                    problems.append(f"{check.id}: {error}")
                    continue
                for one in compared:
                    one.add_rows(check, matched)
        return problems

    async def _matched(self, check: Check, loaded: LoadedPlaybook) -> Resolved:
        rows, sources, now = check.rows, loaded.playbook.sources, self._clock.now()
        if rows is None:
            raise SourceError(f"check {check.id} compares no rows")
        legacy, new = (
            row_place(side, rows, sources.of(side), folder=loaded.folder, secret=self._secret, now=now)
            for side in SIDES
        )
        return resolve(rows, await read_columns(legacy), await read_columns(new))


def _ignored(reconcile: Reconcile, shape: TableShape) -> bool:
    return any(is_named(shape, name) for name in reconcile.coverage.ignore)


def _uncompared(side: Side, shapes: Sequence[TableShape], compared: dict[str, set[str]]) -> list[Uncompared]:
    found = []
    for shape in shapes:
        known = compared.get(shape.name)
        left = tuple(column for column in shape.columns if known is None or column not in known)
        if left or known is None:
            found.append(Uncompared(side=side, table=shape.name, columns=left, whole=known is None))
    return found

"""Samples of signals, one for each moment that one is due."""

from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.domain.measurement import Measurement
from bot.store.connection import Connection
from bot.store.decision_tables import metric_samples
from bot.store.insert_once import insert_once

_MEASUREMENT = TypeAdapter(Measurement)


class MetricSamples:
    """Writes and reads samples. `due` is the moment that a sample is for, which decides who writes it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, migration: str, sample: Measurement, *, due: datetime) -> bool:
        """Keep one; False when that moment has one already."""
        return await insert_once(
            self._connection,
            metric_samples.insert().values(
                migration=migration,
                signal=sample.signal,
                at=due,
                body=_MEASUREMENT.dump_python(sample, mode="json"),
            ),
        )

    async def has(self, migration: str, signal: str, *, due: datetime) -> bool:
        """Whether a moment has one."""
        query = sa.select(metric_samples.c.at).where(
            metric_samples.c.migration == migration,
            metric_samples.c.signal == signal,
            metric_samples.c.at == due,
        )
        return (await self._connection.execute(query)).first() is not None

    async def since(self, migration: str, signal: str, moment: datetime) -> tuple[Measurement, ...]:
        """Those of a signal from a moment on, oldest first."""
        query = (
            sa.select(metric_samples.c.body)
            .where(
                metric_samples.c.migration == migration,
                metric_samples.c.signal == signal,
                metric_samples.c.at >= moment,
            )
            .order_by(metric_samples.c.at)
        )
        rows = await self._connection.execute(query)
        return tuple(_MEASUREMENT.validate_python(row.body) for row in rows)

    async def forget(self, migration: str, signal: str, *, before: datetime) -> None:
        """Delete those that no window reaches any more."""
        await self._connection.execute(
            metric_samples.delete().where(
                metric_samples.c.migration == migration,
                metric_samples.c.signal == signal,
                metric_samples.c.at < before,
            )
        )

"""Which playbooks were loaded, one row for each other text of one."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.playbook_version import PlaybookVersion
from bot.store.connection import Connection
from bot.store.decision_tables import playbook_versions, reminders
from bot.store.insert_once import insert_once


class PlaybookVersions:
    """Writes each version once: who comes second with the same number is told so."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def latest(self, migration: str, *, count: int | None = None) -> tuple[PlaybookVersion, ...]:
        """The last ones, all where no count is given, newest first."""
        rows = await self._connection.execute(
            sa.select(playbook_versions.c.body)
            .where(playbook_versions.c.migration == migration)
            .order_by(playbook_versions.c.number.desc())
            .limit(count)
        )
        return tuple(PlaybookVersion.model_validate(row.body) for row in rows)

    async def digest(self, migration: str) -> str | None:
        """The digest of the last one; None before the first."""
        query = (
            sa.select(playbook_versions.c.digest)
            .where(playbook_versions.c.migration == migration)
            .order_by(playbook_versions.c.number.desc())
            .limit(1)
        )
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def add(self, version: PlaybookVersion) -> bool:
        """Write one; False when another one has its number."""
        return await insert_once(
            self._connection,
            playbook_versions.insert().values(
                migration=version.migration,
                number=version.number,
                digest=version.digest,
                loaded_at=version.loaded_at,
                body=version.model_dump(mode="json"),
            ),
        )

    async def told_apart(self, version: PlaybookVersion, at: datetime) -> bool:
        """Note that replicas with other files than this version were told of; False when they were before."""
        said = reminders.insert().values(subject=f"apart:{version.migration}", number=version.number, at=at)
        return await insert_once(self._connection, said)

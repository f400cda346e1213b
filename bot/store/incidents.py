"""Incidents and their timelines."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.domain.person import Actor
from bot.store.connection import Connection
from bot.store.outbox import Outbox
from bot.store.tables import incidents, timeline

# Places that are kept beside the database.
MOST_PLACES = 500
# Made once: to make a statement takes SQLAlchemy longer than SQLite takes to execute it.
_OF_ID = sa.select(incidents).where(incidents.c.id == sa.bindparam("incident_id"))
_UPDATE = incidents.update().where(incidents.c.id == sa.bindparam("incident_id"))
_ADD_LINE = timeline.insert().returning(timeline.c.number)


@dataclass(frozen=True)
class Incident:
    """An incident. `channel` is where its message and its thread are.

    `kind` is None for an incident; a cutover or a move to another phase has a record of the same form.
    """

    id: str
    migration: str
    environment: str
    channel: str
    opened_at: datetime
    opened_by: Actor
    severity: str | None = None
    closed_at: datetime | None = None
    kind: Literal["cutover", "phase"] | None = None

    @property
    def subject(self) -> str:
        """The subject of its one live message, whose thread is the timeline."""
        return f"incident:{self.id}"


class Incidents:
    """Reads and writes incidents; a timeline entry goes to its thread in the same transaction."""

    def __init__(self, connection: Connection, outbox: Outbox, places: dict[str, Incident]) -> None:
        self._connection = connection
        self._outbox = outbox
        self._places = places

    async def add(self, incident: Incident) -> None:
        """Open an incident."""
        await self._connection.execute(
            incidents.insert().values(**{**vars(incident), "opened_by": asdict(incident.opened_by)})
        )

    async def get(self, incident_id: str) -> Incident:
        """The incident of that id."""
        row = (await self._connection.execute(_OF_ID, {"incident_id": incident_id})).one()
        return Incident(**{**row._asdict(), "opened_by": Actor(**row.opened_by)})

    async def place(self, incident_id: str) -> Incident:
        """The incident for its channel and its thread, which never change; how it stands may be old."""
        if incident_id not in self._places:
            if len(self._places) >= MOST_PLACES:
                self._places.clear()
            self._places[incident_id] = await self.get(incident_id)
        return self._places[incident_id]

    async def set_severity(self, incident_id: str, severity: str | None) -> None:
        """Note how bad it is."""
        await self._connection.execute(_UPDATE, {"incident_id": incident_id, "severity": severity})

    async def close(self, incident_id: str, at: datetime) -> None:
        """Close it, once."""
        await self._connection.execute(
            incidents.update()
            .where(incidents.c.id == incident_id, incidents.c.closed_at.is_(None))
            .values(closed_at=at)
        )

    async def tell(
        self,
        incident: Incident,
        *,
        at: datetime,
        actor: Actor,
        text: str,
        mention: str = "",
        role: tuple[str, ...] = (),
    ) -> None:
        """Add a line to the timeline and to its thread, for `mention`, or somebody in `role`, to act on."""
        inserted = await self._connection.execute(
            _ADD_LINE, {"incident": incident.id, "at": at, "actor": actor.name, "text": text}
        )
        await self._outbox.say(
            channel=incident.channel,
            subject=f"timeline:{inserted.scalar_one()}",
            thread=incident.subject,
            facts=TimelineFacts(
                entries=(TimelineEntry(at=at, actor=actor.name, text=text, mention=mention, role=role),)
            ),
            at=at,
        )

    async def timeline(self, incident_id: str) -> tuple[TimelineEntry, ...]:
        """All lines in order."""
        rows = await self._connection.execute(
            sa.select(timeline).where(timeline.c.incident == incident_id).order_by(timeline.c.number)
        )
        return tuple(TimelineEntry(at=row.at, actor=row.actor, text=row.text) for row in rows)

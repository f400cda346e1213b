"""What is written about a start request: its audit, the timeline, and the call to everybody in the role."""

from pydantic import JsonValue

from bot.domain.messages.start_request import RoleCallFacts
from bot.domain.person import Actor
from bot.domain.start_request import StartRequest
from bot.ports.clock import Clock
from bot.services.role_rights import People
from bot.store.store import Transaction


class RequestRecords:
    """Writes into the transaction of what happened."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def note(
        self, tx: Transaction, request: StartRequest, actor: Actor, kind: str, **facts: JsonValue
    ) -> None:
        """An entry of the audit log."""
        await tx.journal.record(
            at=self._clock.now(),
            actor=actor,
            kind=kind,
            subject=f"start_request:{request.id}",
            facts={"migration": request.migration, "environment": request.environment, **facts},
        )

    async def tell(
        self, tx: Transaction, request: StartRequest, actor: Actor, text: str, *, mention: str = ""
    ) -> None:
        """A line of the incident's timeline."""
        walk = await tx.walks.get(request.walk)
        incident = await tx.incidents.get(walk.incident)
        await tx.incidents.tell(incident, at=self._clock.now(), actor=actor, text=text, mention=mention)

    async def call(
        self, tx: Transaction, request: StartRequest, text: str, *, people: People, about: str
    ) -> None:
        """One message in the incident's thread that mentions all these people."""
        walk = await tx.walks.get(request.walk)
        incident = await tx.incidents.get(walk.incident)
        await tx.outbox.say(
            channel=incident.channel,
            subject=f"{about}:{request.id}",
            thread=incident.subject,
            facts=RoleCallFacts(text=text, people=tuple(sorted(people))),
            at=self._clock.now(),
        )

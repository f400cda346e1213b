"""What is written about a cutover: its audit, its timeline, and the job that begins it."""

from datetime import timedelta

import structlog
from pydantic import JsonValue

from bot.domain.cutover import PlannedCutover
from bot.domain.errors import SourceError
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.ports.roles import RoleDirectory
from bot.store.store import Transaction

START = "start_cutover"

log = structlog.get_logger()


class CutoverRecords:
    """Writes into the transaction of what happened."""

    def __init__(self, *, roles: RoleDirectory, clock: Clock) -> None:
        self._roles = roles
        self._clock = clock

    async def note(
        self, tx: Transaction, cutover: PlannedCutover, actor: Actor, kind: str, **facts: JsonValue
    ) -> None:
        """An entry of the audit log."""
        await tx.journal.record(
            at=self._clock.now(),
            actor=actor,
            kind=f"cutover.{kind}",
            subject=cutover.subject,
            facts={"migration": cutover.migration, "day": cutover.day.isoformat(), **facts},
        )

    async def tell(
        self,
        tx: Transaction,
        cutover: PlannedCutover,
        text: str,
        *,
        by: Actor = SWITCHBACK,
        called: tuple[str, ...] = (),
    ) -> None:
        """A line of its timeline, for those who are called to act on."""
        incident = await tx.incidents.place(cutover.incident)
        await tx.incidents.tell(incident, at=self._clock.now(), actor=by, text=text, role=called)

    async def begin_on_its_day(self, tx: Transaction, cutover: PlannedCutover) -> None:
        """Have it begun when its day begins, or at once when that is past."""
        await tx.enqueue(
            START,
            job_id=f"{START}:{cutover.id}:{cutover.version}",
            delay=max(cutover.begins_at - self._clock.now(), timedelta()),
            cutover_id=cutover.id,
            version=cutover.version,
        )

    async def leaders(self, playbook: Playbook) -> tuple[str, ...]:
        """The ids that are called when somebody who leads the cutover has to act; none where not known."""
        role = playbook.roles.get(playbook.cutover.requested_by) if playbook.cutover else None
        if role is None:
            return ()
        try:
            return (await self._roles.members(role)).called
        except SourceError as error:
            log.warning("cutover.nobody_called", migration=playbook.migration, problem=str(error))
            return ()

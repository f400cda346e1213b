"""What stands beside a question of the cutover's tree: measured, not asked."""

from bot.domain import cutover_walk
from bot.domain.cutover_day import freeze_on, said_day, said_freeze
from bot.domain.decision import Decision
from bot.domain.decision_facts import evidence_line
from bot.domain.errors import SourceError
from bot.domain.messages.measured import MeasuredLine
from bot.domain.playbook.document import Playbook
from bot.domain.rehearsal_evidence import evidence
from bot.ports.clock import Clock
from bot.ports.roles import RoleDirectory
from bot.services.decision_records import DecisionRecords
from bot.services.phases import Phases
from bot.store.store import Store, Transaction

_MOST_NAMED = 5


class DecisionBeside:
    """Looks it up, and puts it beside the question that is open then."""

    def __init__(
        self,
        *,
        phases: Phases,
        roles: RoleDirectory,
        records: DecisionRecords,
        store: Store,
        clock: Clock,
    ) -> None:
        self._phases = phases
        self._roles = roles
        self._records = records
        self._store = store
        self._clock = clock

    async def look(self, decision_id: str, version: int) -> None:
        """The durable job `decision_beside`. Does nothing when the walk has moved on."""
        async with self._store.reading() as tx:
            decision = await tx.decisions.get(decision_id)
        playbook = await self._phases.playbook(decision.migration)
        tree = playbook.decision.cutover
        asked = cutover_walk.question(decision, tree) if tree else None
        if asked is None or decision.version != version:
            return
        lines: list[MeasuredLine] = []
        for what in asked.shows:
            match what:
                case "gates":
                    lines.append(self._gates(decision))
                case "discrepancies":
                    lines += await self._discrepancies(decision)
                case "rehearsal":
                    lines.append(await self._rehearsal(decision))
                case "people":
                    lines += await self._people(playbook, decision)
                case "freezes":
                    lines.append(self._freezes(playbook, decision))
        async with self._store.transaction() as tx:
            await self._fill_in(tx, decision_id, version, tuple(lines))

    async def _fill_in(
        self, tx: Transaction, decision_id: str, version: int, lines: tuple[MeasuredLine, ...]
    ) -> None:
        before = await tx.decisions.held(decision_id)
        if before.version != version or not before.is_open:
            return
        filled = before.model_copy(update={"shown": lines})
        if await tx.decisions.replace(before, filled):
            await self._records.show(tx, filled)

    def _gates(self, decision: Decision) -> MeasuredLine:
        line = evidence_line(decision.evidence)
        text = f"{line.passing} of {line.gates} pass (evidence {line.digest[:8]})"
        return MeasuredLine(title="Gates", text=text, good=decision.evidence.passes, at=line.at)

    async def _discrepancies(self, decision: Decision) -> list[MeasuredLine]:
        now = self._clock.now()
        async with self._store.reading() as tx:
            listed = await tx.discrepancies.listed(decision.migration)
        day = now.date()
        present = [one.as_of(day) for one in listed]
        opened = [one for one in present if one.open]
        named = ", ".join(f"{one.check}: {one.title}" for one in opened[:_MOST_NAMED])
        more = f" and {len(opened) - _MOST_NAMED} more" if len(opened) > _MOST_NAMED else ""
        text = f"{len(opened)}{f' ({named}{more})' if opened else ''}"
        lines = [MeasuredLine(title="Open discrepancies", text=text, good=not opened, at=now)]
        settled = [one for one in present if one.explanation is not None]
        for one in settled[:_MOST_NAMED]:
            said = one.explanation
            if said is not None:
                until = f" until {said.until}" if said.until else ""
                text = f"{one.status} by {said.by.name}{until}: {said.text[:200]}"
                lines.append(
                    MeasuredLine(title=f"{one.check}: {one.title}", text=text, good=True, at=said.at)
                )
        if len(settled) > _MOST_NAMED:
            text = f"{len(settled) - _MOST_NAMED}"
            lines.append(MeasuredLine(title="More that are explained", text=text, good=None, at=now))
        return lines

    async def _rehearsal(self, decision: Decision) -> MeasuredLine:
        now = self._clock.now()
        async with self._store.reading() as tx:
            latest = await tx.rehearsals.latest(migration=decision.migration, count=10)
        newest = next((one for one in latest if one.over), None)
        if newest is None:
            return MeasuredLine(title="Newest rehearsal", text="none yet", good=False, at=now)
        found = evidence(newest, now=now)
        took = f"{found.seconds:g} s" if found.seconds is not None else "not to its end"
        age = found.age.days
        why = f": {'; '.join(found.reasons)}" if found.reasons else ""
        text = f"plan “{newest.plan_id}” in {newest.environment}, {took}, {age} days ago{why}"
        return MeasuredLine(title="Newest rehearsal", text=text, good=found.holds, at=newest.ended_at or now)

    async def _people(self, playbook: Playbook, decision: Decision) -> list[MeasuredLine]:
        wanted = {decision.role: decision.needed}
        if playbook.rollback_role is not None:
            wanted.setdefault(playbook.rollback_role, 1)
        return [await self._role(playbook, decision, role, needed) for role, needed in wanted.items()]

    async def _role(self, playbook: Playbook, decision: Decision, role: str, needed: int) -> MeasuredLine:
        now = self._clock.now()
        declared = playbook.roles.get(role)
        if declared is None:
            return MeasuredLine(title=role, text="the playbook has no such role", good=False, at=now)
        try:
            members = await self._roles.members(declared)
        except SourceError as error:
            return MeasuredLine(title=role, text=str(error), good=None, unknown=True, at=now)
        if role != decision.role:
            good, text = (
                len(members.users) >= needed,
                f"{len(members.users)} people ({declared.described()})",
            )
            return MeasuredLine(title=role, text=text, good=good, at=members.as_of or now)
        others = len(members.users - decision.askers)
        text = f"{others} may approve ({declared.described()}, without who asks), {needed} needed"
        return MeasuredLine(title=role, text=text, good=others >= needed, at=members.as_of or now)

    def _freezes(self, playbook: Playbook, decision: Decision) -> MeasuredLine:
        now = self._clock.now()
        if playbook.cutover is None or decision.day is None:
            return MeasuredLine(title="Freezes", text="no day is named", good=None, at=now)
        frozen = freeze_on(playbook.cutover, decision.day)
        on = said_day(decision.day)
        if frozen is not None:
            return MeasuredLine(title=on, text=said_freeze(frozen), good=False, at=now)
        written = decision.day.isoformat()
        later = [one for one in playbook.cutover.freezes if one.first > written]
        after = min(later, key=lambda one: one.first, default=None)
        text = f"in no freeze; the next is {said_freeze(after)}" if after else "in no freeze, and none comes"
        return MeasuredLine(title=on, text=text, good=True, at=now)

"""A migration carried from phase to phase: its people press what the services offer, on evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import pyotp

from bot.domain.cutover import PlannedCutover
from bot.domain.decision import Decision
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.person import Actor
from bot.domain.rehearsal import Rehearsed
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.domain.wanted_statement import AboutCriterion
from bot.engine.registry import ActionRegistry
from bot.ports.action import Action, Parameters
from bot.services import decision_approvals, start_requests
from bot.services.confirmation import Confirmation
from tests.integration.trial import Trial

ADMIN = Actor("terminal:root", "root (terminal)", account="root")


def adapters(*kinds: str) -> tuple[Action[Parameters], ...]:
    """The real adapters of these kinds."""
    installed = ActionRegistry.installed()
    return tuple(cast(Action[Parameters], installed.get(kind)) for kind in kinds)


@dataclass
class Carried:
    """A migration, and the devices of those who have a second factor."""

    trial: Trial
    migration: str
    devices: dict[str, pyotp.TOTP] = field(default_factory=dict)

    async def phase(self) -> str:
        """The present phase."""
        return (await self.trial.services.phases.playbook(self.migration)).phase

    async def phases(self) -> list[str]:
        """Every phase that it was in, in order."""
        async with self.trial.store.reading() as tx:
            return [move.phase for move in await tx.phases.all(self.migration)]

    async def come_to(self, when: datetime) -> None:
        """Set the clock to a later moment, and do what is due by then."""
        self.trial.clock.advance((when - self.trial.clock.now()).total_seconds())
        await self.trial.work()

    async def failing(self) -> dict[str, str]:
        """What does not pass of the gates now: each criterion's reason."""
        board = await self.trial.gates.gates.evaluate(self.migration, cause="a look")
        criteria = [one for gate in board.gates for one in gate.criteria]
        return {one.id: one.reason for one in criteria if one.state != "pass"}

    async def enrol(self, *people: Actor) -> None:
        """Give each a second factor, at the terminal."""
        for one in people:
            made = await self.trial.services.second_factors.enrol(
                one.id, name=one.name, replace=False, by=ADMIN
            )
            self.devices[one.id] = pyotp.TOTP(made.secret)

    def code(self, person: Actor) -> str:
        """What a person's device shows now; nothing for one without."""
        device = self.devices.get(person.id)
        return device.at(self.trial.clock.now()) if device else ""

    async def state(self, gate: str, criterion: str, *people: Actor, choice: str = "") -> None:
        """Each signs a criterion, all tasks of it, or votes on it."""
        about = AboutCriterion(self.migration, gate, criterion)
        statements = self.trial.services.statements
        for actor in people:
            shown = await statements.shown(about, actor=actor)
            for item, _title in shown.items or (("", ""),):
                shown = await statements.shown(about, actor=actor)
                await statements.state(shown.bound, choice=choice, item=item, comment="Seen", actor=actor)

    async def approve(self, decision: Decision, *, by: Actor, code: str | None = None) -> Decision:
        """Somebody approves what they are shown now, and it is counted; how it stands then."""
        approvals = self.trial.services.decisions.approvals
        shown = await approvals.to_approve(decision.id, actor=by)
        given = decision_approvals.GivenApproval(
            decision_id=shown.id,
            round=shown.round,
            digest=shown.evidence.digest(),
            typed=self.migration,
            comment="I have seen the evidence",
            code=self.code(by) if code is None else code,
        )
        await approvals.approve(given, actor=by)
        await self.trial.work()
        return await approvals.get(decision.id)

    async def leave(self, *, asked_by: Actor, decided_by: Actor) -> Decision:
        """Leave the present phase for the next one, by its decision and its plan."""
        decision = await self.trial.services.decisions.requests.phase(self.migration, actor=asked_by)
        assert decision.blocked == (), decision.blocked
        return await self.approve(decision, by=decided_by)

    async def answer(self, decision: Decision, *answers: str, by: Actor) -> Decision:
        """Answer the questions of the cutover's tree, and have the evidence checked."""
        walks = self.trial.services.decisions.walks
        for answer in answers:
            decision = await walks.answer(decision.id, version=decision.version, answer=answer, actor=by)
            await self.trial.work()
        return await self.trial.services.decisions.approvals.get(decision.id)

    async def ask_approvers(self, decision: Decision, *, by: Actor) -> Decision:
        """Have them asked, where the tree led to GO."""
        walks = self.trial.services.decisions.walks
        return await walks.ask_approvers(decision.id, version=decision.version, actor=by)

    async def rehearse(self, plan: str, *, by_hand: str = "", by: Actor) -> Rehearsed:
        """Rehearse a plan in staging to its end; a step by hand is done at once."""
        services = self.trial.services
        seen = await services.rehearsals.preview(self.migration, plan_id=plan, actor=by)
        rehearsal = await services.rehearsals.start(seen.bound, actor=by)
        await self.trial.work()
        if by_hand:
            await self.do_by_hand(await self.trial.run(rehearsal.back), by_hand, by=by)
        ended = await services.signatures.get(rehearsal.id)
        assert (ended.status, ended.problem) == ("ended", ""), await self.standing()
        return ended

    async def standing(self) -> list[str]:
        """How far each step of the last run has come."""
        async with self.trial.store.reading() as tx:
            (last,) = await tx.runs.latest(migration=self.migration, count=1)
        return [f"{one.step}: {one.status} {one.summary}" for one in last.steps]

    async def sign(self, rehearsal: Rehearsed, signers: Mapping[str, Actor]) -> None:
        """Have it signed for each role."""
        for role, actor in signers.items():
            await self.trial.services.signatures.sign(rehearsal.id, role=role, comment="", actor=actor)

    async def do_by_hand(self, run: Run, step: str, *, by: Actor) -> None:
        """Do a step by hand; the run goes on."""
        await self.trial.services.steering.decide(
            run.id, step=step, attempt=1, decision="manual-done", reason="", actor=by
        )
        await self.trial.work()

    async def cutover(self) -> PlannedCutover:
        """The last cutover that was planned."""
        async with self.trial.store.reading() as tx:
            found = await tx.cutovers.latest(self.migration)
        assert found is not None
        return found

    async def items(self, kind: str) -> list[ScheduledFollowUp]:
        """What is to be done for the cutover, of a kind."""
        cutover = await self.cutover()
        async with self.trial.store.reading() as tx:
            found = await tx.follow_ups.of_decision(cutover.id)
        return [one for one in found if one.kind == kind]

    async def settle_checklist(self, owners: Mapping[str, Actor]) -> None:
        """Somebody of each owner's role does its items."""
        for one in await self.items("checklist"):
            await self.trial.services.follow_ups.done(one.id, actor=owners[one.owner])

    async def the_run(self) -> Run:
        """The cutover's run."""
        return await self.trial.run((await self.cutover()).run)

    async def assess(self, text: str, *, by: Actor) -> None:
        """Say that the day went well."""
        (item,) = await self.items("assessment")
        await self.trial.services.assessments.assess(item.id, went_well=True, text=text, actor=by)

    async def ask_for_rollback(self, *answers: str, by: Actor) -> Run | StartRequest:
        """Walk through the questions to a rollback, and confirm what is shown."""
        services = self.trial.services
        walk = await services.walks.open(self.migration, actor=by)
        for answer in answers:
            walk = await services.walks.answer(walk.id, version=walk.version, answer=answer, actor=by)
        await self.trial.work()
        shown = await services.confirmation.shown(walk.id, actor=by)
        confirmed = Confirmation(
            walk_id=walk.id, preview_id=shown.id, digest=shown.digest(), typed=self.migration
        )
        return await services.confirmation.submit(confirmed, actor=by)

    async def approve_rollback(self, request: StartRequest, *, by: Actor) -> Run | StartRequest:
        """Approve what is asked for."""
        given = start_requests.GivenApproval(
            request.id, request.preview, request.digest, self.migration, self.code(by)
        )
        return await self.trial.services.start_requests.approve(given, actor=by)

    async def keep_watching(self, request: StartRequest, *, reason: str, by: Actor) -> None:
        """Take a request for a rollback back, and decide against the verdict."""
        await self.trial.services.start_requests.withdraw(request.id, actor=by)
        walk = await self.trial.services.walks.get(request.walk)
        await self.trial.services.walks.overrule(
            walk.id, version=walk.version, plan=None, reason=reason, actor=by
        )

    async def reminded_of_the_end(self) -> list[str]:
        """What was said of the end of the present phase, in order."""
        rows = [row for row in await self.trial.messages("timeline") if row.subject.startswith("phase-ends:")]
        return [str(entry["text"]) for row in rows for entry in row.facts["entries"]]  # type: ignore[union-attr,index,call-overload]

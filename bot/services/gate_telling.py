"""The message of a migration's gates, put into the outbox."""

from bot.domain.gates.evaluation import Evaluation, changed
from bot.domain.gates.review import Agenda, GateReview
from bot.domain.messages.gates import GatesFacts, RehearseHint, Reviewed, passing
from bot.domain.playbook.criteria import AlertTested, Rehearsed, criterion_id
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.phases import present
from bot.store.store import Transaction

_BEFORE_CUTOVER = ("shadow", "pilot", "parallel")


class GateTelling:
    """Shows gates where somebody asked for them, and their weekly review."""

    def __init__(self, *, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    async def show(
        self,
        tx: Transaction,
        migration: str,
        *,
        channel: str,
        subject: str,
        by: str,
        evaluation: Evaluation | None = None,
    ) -> None:
        """Show them as evaluated, or that they are being evaluated."""
        facts = await self._facts(tx, migration, by=by, evaluation=evaluation)
        await tx.outbox.show(channel=channel, subject=subject, facts=facts, at=self._clock.now())

    async def review(self, tx: Transaction, review: GateReview, made: Evaluation, agenda: Agenda) -> None:
        """Tell the review of a week with what has changed since the one before."""
        before = await tx.gate_reviews.told_before(review.migration, review.day)
        reviewed = Reviewed(day=review.day, agenda=agenda)
        if before is not None and before.evaluation is not None:
            old = (await tx.gate_evaluations.get(before.evaluation)).board
            reviewed = Reviewed(
                day=review.day,
                before=before.day,
                passed_before=passing(old),
                gates_before=len(old.gates),
                changes=tuple(changed(old, made.board)),
                agenda=agenda,
            )
        facts = await self._facts(tx, review.migration, by="", evaluation=made)
        channel = self._catalog.get(review.migration).playbook.channels.summaries
        told = facts.model_copy(update={"review": reviewed})
        await tx.outbox.show(channel=channel, subject=review.subject, facts=told, at=self._clock.now())

    async def _facts(
        self, tx: Transaction, migration: str, *, by: str, evaluation: Evaluation | None
    ) -> GatesFacts:
        playbook = self._catalog.get(migration).playbook
        phase = (await present(tx, playbook)).current_phase
        return GatesFacts(
            migration=migration,
            asked_by=by,
            at=self._clock.now(),
            evaluation=evaluation,
            owners={name: role.described() for name, role in playbook.roles.items()},
            rehearse=_hints(playbook),
            awaits_cutover=phase.kind in _BEFORE_CUTOVER,
        )


def _hints(playbook: Playbook) -> tuple[RehearseHint, ...]:
    if playbook.rehearsal is None:
        return ()
    hints = []
    for gate in playbook.gates:
        for criterion in gate.criteria:
            match criterion:
                case Rehearsed(rehearsal=plan) | AlertTested(alert_test=plan):
                    hints.append(
                        RehearseHint(
                            gate=gate.id,
                            criterion=criterion_id(criterion),
                            plan=plan,
                            environment=playbook.rehearsal.environment,
                        )
                    )
                case _:
                    pass
    return tuple(hints)

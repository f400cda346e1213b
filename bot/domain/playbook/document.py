"""The playbook: everything the bot knows about one migration."""

from pydantic import Field

from bot.domain.errors import UnknownNameError
from bot.domain.playbook.checks import Reconcile
from bot.domain.playbook.cutover import Cutover, Risk
from bot.domain.playbook.decision import Decision
from bot.domain.playbook.filling import filled
from bot.domain.playbook.follow_ups import FollowUp
from bot.domain.playbook.gates import Gate, GateReview
from bot.domain.playbook.inputs import Input
from bot.domain.playbook.part import Identifier, Part, Text
from bot.domain.playbook.people import AccountName, Channels, Contact, Role, UserId
from bot.domain.playbook.phases import Phase, RollbackRight
from bot.domain.playbook.plans import Plan
from bot.domain.playbook.rehearsal import Rehearsal
from bot.domain.playbook.signals import Signal, Trigger
from bot.domain.playbook.sources import Sources

# The environment that a rollback is for when none is named.
PRODUCTION = "production"


class Playbook(Part):
    """One legacy → new move. References between its parts are checked by `references.unresolved`."""

    migration: Identifier
    title: Text
    phase: Identifier
    channels: Channels
    roles: dict[Identifier, Role] = Field(min_length=1)
    people: dict[AccountName, UserId] = Field(default_factory=dict)
    environments: dict[Identifier, dict[str, str]] = Field(min_length=1)
    sources: Sources
    reconcile: Reconcile
    signals: tuple[Signal, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    decision: Decision
    phases: tuple[Phase, ...] = Field(min_length=1)
    plans: dict[Identifier, Plan] = Field(min_length=1)
    emergency: Identifier | None = None
    escalation: tuple[Contact, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    rehearsal: Rehearsal | None = None
    gates: tuple[Gate, ...] = Field(default=(), max_length=20)
    gate_review: GateReview | None = None
    cutover: Cutover | None = None
    risks: tuple[Risk, ...] = Field(default=(), max_length=30)

    @property
    def current_phase(self) -> Phase:
        """The phase the migration is in."""
        return next(phase for phase in self.phases if phase.id == self.phase)

    def in_phase(self, phase_id: str) -> "Playbook":
        """It as it is in another phase. One that it no longer has leaves it as it is written."""
        if all(phase.id != phase_id for phase in self.phases):
            return self
        return self.model_copy(update={"phase": phase_id})

    @property
    def next_phase(self) -> Phase | None:
        """The phase after the current one; None in the last."""
        ids = [phase.id for phase in self.phases]
        after = ids.index(self.phase) + 1
        return self.phases[after] if after < len(ids) else None

    def gate(self, gate_id: str) -> Gate:
        """The gate of that id. Raises UnknownNameError."""
        for gate in self.gates:
            if gate.id == gate_id:
                return gate
        raise UnknownNameError("gate", gate_id, [gate.id for gate in self.gates])

    @property
    def rollback_role(self) -> str | None:
        """The role that may roll back now, or None where rollback is never possible."""
        right = self.current_phase.rollback
        return right.role if isinstance(right, RollbackRight) else None

    @property
    def rollback_quorum(self) -> int:
        """How many other people of that role have to approve a rollback now."""
        right = self.current_phase.rollback
        return right.quorum if isinstance(right, RollbackRight) else 0

    def inputs(self, plan: Plan) -> tuple[Input, ...]:
        """What a run of this plan asks for: its own inputs, then those of the plans that it may go to."""
        plans = (plan, *self.fallbacks(plan).values())
        return tuple({one.id: one for each in plans for one in each.inputs}.values())

    def in_environment(self, plan: Plan, environment: str) -> Plan:
        """The plan with the values of an environment of this playbook filled in."""
        return filled(plan, "environment", self.environments[environment])

    def fallbacks(self, plan: Plan) -> dict[str, Plan]:
        """The other plans that a run of this one may go to: by a step's policy, and in an emergency."""
        found: dict[str, Plan] = {}
        wanted = [self.emergency] if self.emergency else []
        wanted += plan.elsewhere
        while wanted:
            name = wanted.pop()
            if name not in found:
                found[name] = self.plans[name]
                wanted += self.plans[name].elsewhere
        return found

    def signal(self, signal_id: str) -> Signal:
        """The signal of that id."""
        return next(signal for signal in self.signals if signal.id == signal_id)

    def trigger(self, trigger_id: str) -> Trigger:
        """The trigger of that id."""
        return next(trigger for trigger in self.triggers if trigger.id == trigger_id)

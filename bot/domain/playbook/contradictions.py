"""Parts of a playbook that are valid each by itself and do not fit together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.playbook.decision import Question
from bot.domain.playbook.document import PRODUCTION, Playbook
from bot.domain.playbook.plans import Plan
from bot.domain.playbook.references import Path
from bot.domain.playbook.signals import Condition, Signal
from bot.domain.quantities import format_duration


@dataclass(frozen=True)
class Contradiction:
    """What does not fit, and where it stands."""

    path: Path
    message: str


def contradictions(playbook: Playbook) -> list[Contradiction]:
    """All contradictions of the playbook. A name that leads nowhere is not one, and is passed over."""
    found: list[Contradiction] = []
    if PRODUCTION not in playbook.environments:
        message = f"there is no “{PRODUCTION}”, which is where a rollback is for; add {PRODUCTION}: {{}}"
        found.append(Contradiction(("environments",), message))
    for plan_id, plan in playbook.plans.items():
        found += _budgets(("plans", plan_id), plan)
    signals = {signal.id: signal for signal in playbook.signals}
    for index, signal in enumerate(playbook.signals):
        if signal.baseline is not None and signal.baseline.unit != _unit(signal):
            found.append(Contradiction(("signals", index, "baseline"), _fitting_bound(signal)))
    for index, trigger in enumerate(playbook.triggers):
        if trigger.when.signal in signals:
            found += _bound(("triggers", index, "when"), trigger.when, signals[trigger.when.signal])
    for index, phase in enumerate(playbook.phases):
        if phase.kind == "decommissioned" and phase.rollback != "never":
            message = "legacy is gone by then; write rollback: never"
            found.append(Contradiction(("phases", index, "rollback"), message))
    watched = {trigger.id: trigger.when.signal for trigger in playbook.triggers}
    for node_id, question in playbook.decision.rollback.nodes.items():
        path = ("decision", "rollback", "nodes", node_id)
        found += _question(path, question, watched.get(question.trigger or ""))
    return found


def _budgets(path: Path, plan: Plan) -> Iterator[Contradiction]:
    """A budget holds what is inside it: a plan its stages, a stage its steps."""
    yield from _sum((*path, "budget"), plan.budget, [stage.budget for stage in plan.stages], "stages")
    for stage_index, stage in enumerate(plan.stages):
        place = (*path, "stages", stage_index)
        yield from _within((*place, "budget"), stage.budget, plan.budget, "plan")
        yield from _sum((*place, "budget"), stage.budget, [step.budget for step in stage.steps], "steps")
        for index, step in enumerate(stage.steps):
            at_step = (*place, "steps", index)
            yield from _within((*at_step, "budget"), step.budget, stage.budget, "stage")
            if step.longest is not None and step.longest < step.budget:
                message = f"{format_duration(step.longest)} is less than the step's budget of"
                yield Contradiction((*at_step, "longest"), f"{message} {format_duration(step.budget)}")


def _within(path: Path, part: timedelta, whole: timedelta, noun: str) -> Iterator[Contradiction]:
    if part > whole:
        message = f"{format_duration(part)} is more than the {noun}'s budget of {format_duration(whole)}"
        yield Contradiction(path, message)


def _sum(path: Path, whole: timedelta, parts: list[timedelta], noun: str) -> Iterator[Contradiction]:
    together = sum(parts, timedelta())
    if together > whole >= max(parts):
        message = f"the budgets of its {noun} add up to {format_duration(together)}"
        yield Contradiction(path, f"{message}, more than {format_duration(whole)}")


def _unit(signal: Signal) -> str | None:
    """The unit of a signal's bounds; None for one that is up or down."""
    if signal.http is not None:
        return None if signal.http.measure == "up" else ""
    return "%" if signal.reconcile == "max_critical_variance" else ""


def _fitting_bound(signal: Signal) -> str:
    unit = _unit(signal)
    if unit is None:
        return f"signal “{signal.id}” is up or down: it has no baseline, and is compared with true or false"
    if unit:
        return f"signal “{signal.id}” is in percent; write 5%"
    what = "in milliseconds" if signal.http is not None else "a count of checks"
    return f"signal “{signal.id}” is {what}; write a number without a unit"


def _bound(path: Path, when: Condition, signal: Signal) -> Iterator[Contradiction]:
    if when.of is not None:
        return  # a share of the baseline, whose unit is checked where it is declared
    unit = None if isinstance(when.value, bool) else when.value.unit
    if unit != _unit(signal):
        yield Contradiction((*path, "value"), _fitting_bound(signal))


def _question(path: Path, question: Question, signal: str | None) -> Iterator[Contradiction]:
    """The trigger of a question is measured beside it, and is met or not: there is a yes and a no."""
    if signal is not None and signal not in question.signals:
        message = f"its signal “{signal}” is not measured here; add it to this question's signals"
        yield Contradiction((*path, "trigger"), message)
    if question.trigger is not None or question.claim is not None:
        key = "trigger" if question.trigger is not None else "claim"
        for answer in ("yes", "no"):
            if answer not in question.answers:
                yield Contradiction((*path, key), f"a question with a {key} has an answer “{answer}”")

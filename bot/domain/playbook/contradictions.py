"""Parts of a playbook that are valid each by itself and do not fit together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from bot.domain.playbook.check_contradictions import check_contradictions
from bot.domain.playbook.cutover_contradictions import cutover_contradictions
from bot.domain.playbook.decision import NO, YES
from bot.domain.playbook.document import PRODUCTION
from bot.domain.playbook.people import Role
from bot.domain.playbook.phases import RollbackRight
from bot.domain.playbook.plain import Path, at, declared, items, mapping, name, part
from bot.domain.playbook.plans import STEP_BUDGET
from bot.domain.playbook.signals import Condition, Signal
from bot.domain.quantities import Duration, format_duration

_DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)
_SIGNAL, _CONDITION = TypeAdapter(Signal), TypeAdapter(Condition)
_RIGHT, _ROLE = TypeAdapter(RollbackRight), TypeAdapter(Role)


@dataclass(frozen=True)
class Contradiction:
    """What does not fit, and where it stands."""

    path: Path
    message: str


def contradictions(document: Mapping[str, object]) -> list[Contradiction]:
    """All contradictions of a playbook, as it was read.

    A name that leads nowhere is not one, and is passed over, as is a part that is not valid by itself.
    """
    found: list[Contradiction] = []
    environments = declared(document.get("environments"))
    if environments is not None and PRODUCTION not in environments:
        message = f"there is no “{PRODUCTION}”, which is where a rollback is for; add {PRODUCTION}: {{}}"
        found.append(Contradiction(("environments",), message))
    if at(document, "rehearsal", "environment") == PRODUCTION:
        message = f"a rehearsal is never in {PRODUCTION}; name another environment"
        found.append(Contradiction(("rehearsal", "environment"), message))
    for plan_id, plan in mapping(document.get("plans")).items():
        found += _budgets(("plans", plan_id), plan)
    found += _strangers(document)
    found += _measured(document)
    found += [Contradiction(path, message) for path, message in check_contradictions(document)]
    found += [Contradiction(path, message) for path, message in cutover_contradictions(document)]
    for index, phase in enumerate(items(document.get("phases"))):
        right = part(_RIGHT, at(phase, "rollback"))
        if at(phase, "kind") == "decommissioned" and right is not None:
            message = "legacy is gone by then; write rollback: never"
            found.append(Contradiction(("phases", index, "rollback"), message))
        elif right is not None:
            role = part(_ROLE, at(document, "roles", right.role))
            found += _quorum(("phases", index, "rollback", "quorum"), right, role)
    return found


def _quorum(path: Path, right: RollbackRight, role: Role | None) -> Iterator[Contradiction]:
    """Who asks does not approve, so that a quorum takes one more. Only Slack knows who is in a group."""
    if role is None or role.usergroup is not None:
        return
    people = len(set(role.users))
    if right.quorum and people <= right.quorum:
        message = f"{right.quorum} approvals and who asks for them are {right.quorum + 1} people"
        yield Contradiction(path, f"{message}, and {right.role} has {people}")


def _strangers(document: Mapping[str, object]) -> Iterator[Contradiction]:
    """An account of somebody without a role may nothing. Only Slack knows who is in a group."""
    roles = [part(_ROLE, role) for role in mapping(document.get("roles")).values()]
    listed = {user for role in roles if role is not None for user in role.users}
    if all(role is not None and role.usergroup is None for role in roles):
        for account, person in mapping(document.get("people")).items():
            if isinstance(person, str) and person not in listed:
                yield Contradiction(("people", account), f"{person} is in no role")


def _measured(document: Mapping[str, object]) -> Iterator[Contradiction]:
    """What signals, triggers and questions say of one another."""
    declares = {name(at(signal, "id")): signal for signal in items(document.get("signals"))}
    declares.pop(None, None)
    for index, value in enumerate(items(document.get("signals"))):
        signal = part(_SIGNAL, value)
        if signal is not None and signal.baseline is not None and signal.baseline.unit != _unit(signal):
            yield Contradiction(("signals", index, "baseline"), _fitting_bound(signal))
    watched: dict[str, str] = {}
    for index, trigger in enumerate(items(document.get("triggers"))):
        used = name(at(trigger, "when", "signal"))
        if used is None or used not in declares:
            continue
        if trigger_id := name(at(trigger, "id")):
            watched[trigger_id] = used
        when, signal = part(_CONDITION, at(trigger, "when")), part(_SIGNAL, declares[used])
        if when is not None and signal is not None:
            yield from _bound(("triggers", index, "when"), when, signal)
    for node_id, node in mapping(at(document, "decision", "rollback", "nodes")).items():
        path = ("decision", "rollback", "nodes", node_id)
        signal_id = watched.get(name(at(node, "trigger")) or "")
        if signal_id is not None and _is_left_out(signal_id, node, known=set(declares)):
            message = f"its signal “{signal_id}” is not measured here; add it to this question's signals"
            yield Contradiction((*path, "trigger"), message)
        yield from _yes_and_no(path, node)


def _is_left_out(signal_id: str, node: object, *, known: set[str | None]) -> bool:
    """Whether it is surely not among a question's signals: one that is misspelt there may be meant for it."""
    listed = mapping(node).get("signals", [])
    named = [name(signal) for signal in items(listed)]
    return isinstance(listed, (list, tuple)) and set(named) <= known and signal_id not in named


def _budgets(path: Path, plan: object) -> Iterator[Contradiction]:
    """A budget holds what is inside it: a plan its stages, a stage its steps."""
    whole, stages = _duration(at(plan, "budget")), items(at(plan, "stages"))
    yield from _sum((*path, "budget"), whole, [_duration(at(one, "budget")) for one in stages], "stages")
    for stage_index, stage in enumerate(stages):
        place = (*path, "stages", stage_index)
        budget, steps = _duration(at(stage, "budget")), items(at(stage, "steps"))
        yield from _within((*place, "budget"), budget, whole, "plan")
        if at(stage, "parallel") is not True:
            # At the same time they take as long as the longest, which the check below compares.
            yield from _sum((*place, "budget"), budget, [_step_budget(step) for step in steps], "steps")
        for index, step in enumerate(steps):
            at_step = (*place, "steps", index)
            own, longest = _step_budget(step), _duration(at(step, "longest"))
            yield from _within((*at_step, "budget"), own, budget, "stage")
            if longest is not None and own is not None and longest < own:
                message = f"{format_duration(longest)} is less than the step's budget of"
                yield Contradiction((*at_step, "longest"), f"{message} {format_duration(own)}")


def _duration(value: object) -> timedelta | None:
    return part(_DURATION, value)


def _step_budget(step: object) -> timedelta | None:
    return _duration(mapping(step).get("budget", STEP_BUDGET)) if isinstance(step, Mapping) else None


def _within(
    path: Path, inner: timedelta | None, whole: timedelta | None, noun: str
) -> Iterator[Contradiction]:
    if inner is not None and whole is not None and inner > whole:
        message = f"{format_duration(inner)} is more than the {noun}'s budget of {format_duration(whole)}"
        yield Contradiction(path, message)


def _sum(
    path: Path, whole: timedelta | None, parts: list[timedelta | None], noun: str
) -> Iterator[Contradiction]:
    known = [one for one in parts if one is not None]
    # Counted in microseconds, as the sum may be longer than any timedelta.
    together = timedelta.resolution * min(
        sum(one // timedelta.resolution for one in known), timedelta.max // timedelta.resolution
    )
    if whole is not None and together > whole >= max(known):
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


def _yes_and_no(path: Path, node: object) -> Iterator[Contradiction]:
    """The trigger of a question is measured beside it, and is met or not: there is a yes and a no."""
    answers = declared(at(node, "answers"))
    asks = [key for key in ("trigger", "claim") if at(node, key) is not None]
    if answers is not None and asks:
        for answer in (YES, NO):
            if answer not in answers:
                message = f"a question with a {asks[0]} has an answer “{answer}”"
                yield Contradiction((*path, asks[0]), message)

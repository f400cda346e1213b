"""Names that one part of a playbook uses and another must declare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.errors import nearest
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.phases import RollbackRight
from bot.domain.playbook.plans import Plan

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Unresolved:
    """A reference that leads nowhere: where it stands, and what is known there."""

    path: Path
    message: str


def unresolved(playbook: Playbook) -> list[Unresolved]:
    """All references of the playbook that name nothing, and ids used twice."""
    return [*_names(playbook), *_duplicates(playbook), *_decision(playbook)]


def _missing(noun: str, name: str, known: Iterable[str], *path: str | int) -> Iterator[Unresolved]:
    names = sorted(known)
    if name not in names:
        alike = nearest(name, names)
        hint = f"; did you mean {alike}?" if alike else f"; known: {', '.join(names) or 'none'}"
        yield Unresolved(path, f"no {noun} “{name}”{hint}")


def _names(playbook: Playbook) -> Iterator[Unresolved]:
    yield from _missing("phase", playbook.phase, (p.id for p in playbook.phases), "phase")
    for index, phase in enumerate(playbook.phases):
        if isinstance(phase.rollback, RollbackRight):
            yield from _missing(
                "role", phase.rollback.role, playbook.roles, "phases", index, "rollback", "role"
            )
    for index, check in enumerate(playbook.reconcile.checks):
        yield from _missing("role", check.owner, playbook.roles, "reconcile", "checks", index, "owner")
    signals = [signal.id for signal in playbook.signals]
    for index, trigger in enumerate(playbook.triggers):
        yield from _missing("signal", trigger.when.signal, signals, "triggers", index, "when", "signal")
        yield from _missing("plan", trigger.suggests, playbook.plans, "triggers", index, "suggests")
        if (
            trigger.when.of
            and trigger.when.signal in signals
            and playbook.signal(trigger.when.signal).baseline is None
        ):
            path = ("triggers", index, "when", "of")
            yield Unresolved(path, f"signal “{trigger.when.signal}” has no baseline")


def _duplicates(playbook: Playbook) -> Iterator[Unresolved]:
    lists: list[tuple[Path, list[str]]] = [
        (("reconcile", "checks"), [check.id for check in playbook.reconcile.checks]),
        (("signals",), [signal.id for signal in playbook.signals]),
        (("triggers",), [trigger.id for trigger in playbook.triggers]),
        (("phases",), [phase.id for phase in playbook.phases]),
    ]
    for plan_id, plan in playbook.plans.items():
        lists.append((("plans", plan_id, "stages"), [stage.id for stage in plan.stages]))
        yield from _steps_twice(plan_id, plan)
    for path, ids in lists:
        for index, name in enumerate(ids):
            if name in ids[:index]:
                yield Unresolved((*path, index, "id"), f"id “{name}” is used twice")


def _steps_twice(plan_id: str, plan: Plan) -> Iterator[Unresolved]:
    seen: set[str] = set()
    for stage_index, stage in enumerate(plan.stages):
        for index, step in enumerate(stage.steps):
            if step.id in seen:
                path = ("plans", plan_id, "stages", stage_index, "steps", index, "id")
                yield Unresolved(path, f"id “{step.id}” is used twice in this plan")
            seen.add(step.id)


def _decision(playbook: Playbook) -> Iterator[Unresolved]:
    tree = playbook.decision.rollback
    base: Path = ("decision", "rollback")
    places = [*tree.nodes, *tree.outcomes]
    yield from _missing("question", tree.start, tree.nodes, *base, "start")
    for name in sorted(set(tree.nodes) & set(tree.outcomes)):
        yield Unresolved((*base, "outcomes", name), f"“{name}” is a question and an outcome")
    for node_id, node in tree.nodes.items():
        path = (*base, "nodes", node_id)
        for index, signal in enumerate(node.signals):
            yield from _missing("signal", signal, (s.id for s in playbook.signals), *path, "signals", index)
        if node.trigger is not None:
            yield from _missing("trigger", node.trigger, (t.id for t in playbook.triggers), *path, "trigger")
        for answer_id, answer in node.answers.items():
            yield from _missing(
                "question or outcome", answer.goto, places, *path, "answers", answer_id, "goto"
            )
    for outcome_id, outcome in tree.outcomes.items():
        if outcome.rollback is not None:
            yield from _missing(
                "plan", outcome.rollback, playbook.plans, *base, "outcomes", outcome_id, "rollback"
            )
    yield from _endless(playbook)


def _endless(playbook: Playbook) -> Iterator[Unresolved]:
    """Questions that lead back to themselves: a person at 03:00 must reach a verdict."""
    tree = playbook.decision.rollback
    state: dict[str, str] = {}

    def visit(node_id: str) -> Iterator[Unresolved]:
        state[node_id] = "open"
        for answer_id, answer in tree.nodes[node_id].answers.items():
            path = ("decision", "rollback", "nodes", node_id, "answers", answer_id, "goto")
            if state.get(answer.goto) == "open":
                yield Unresolved(path, f"“{answer.goto}” leads back here: the walk would not end")
            elif answer.goto in tree.nodes and answer.goto not in state:
                yield from visit(answer.goto)
        state[node_id] = "closed"

    if tree.start in tree.nodes:
        yield from visit(tree.start)
        for node_id in tree.nodes:
            if node_id not in state:
                path = ("decision", "rollback", "nodes", node_id)
                yield Unresolved(path, f"no answer leads to question “{node_id}”")

"""What is asked of every example's playbook."""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from bot.domain.playbook.decision import Conclusion, CutoverConclusion, CutoverTree, Tree
from bot.domain.playbook.document import Playbook
from bot.engine.own_steps import OWN_STEPS
from bot.engine.registry import ActionRegistry
from bot.ports.action import Parameters

KINDS = {**OWN_STEPS, **ActionRegistry.installed().parameters()}


def paths(
    tree: Tree | CutoverTree, node: str, taken: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Conclusion | CutoverConclusion]]:
    """Every way from a node to the end of a tree: its answers, and where it ends."""
    if node in tree.outcomes:
        yield taken, tree.outcomes[node]
        return
    for answer, option in tree.nodes[node].answers.items():
        yield from paths(tree, option.goto, (*taken, f"{node}:{answer}"))


def steps_that_misfit(playbook: Playbook) -> list[tuple[str, str]]:
    """Every step, in every environment, that does not have the parameters its kind wants, and why."""
    plans = [
        playbook.in_environment(plan, environment)
        for plan in playbook.plans.values()
        for environment in playbook.environments
    ]
    steps = [step for plan in plans for step in plan.steps]
    undone = [(step.id, step.undo) for step in steps if step.undo is not None]
    asked = [*((step.id, step) for step in steps), *undone]
    return [(name, why) for name, one in asked for why in _misfits(KINDS[one.uses], one.with_)]


def _misfits(parameters: type[Parameters], given: Mapping[str, object]) -> list[str]:
    try:
        parameters.model_validate(given)
    except ValidationError as error:
        return [f"{one['loc']}: {one['msg']}" for one in error.errors()]
    return []

"""What the steps of a plan say of one another, and plans of one another: what comes first, where it leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.playbook.plain import Path, at, items, mapping, name

BY_HAND_OR_TIME = ("manual", "wait", "wait-until", "message")


@dataclass(frozen=True)
class Disorder:
    """What cannot be, and where it stands."""

    path: Path
    message: str


def disorders(document: Mapping[str, object]) -> Iterator[Disorder]:
    """Everything of the plans that cannot be in that order, in a playbook as it was read."""
    plans = mapping(document.get("plans"))
    for plan_id, plan in plans.items():
        earlier: set[str] = set()
        for index, stage in enumerate(items(at(plan, "stages"))):
            place: Path = ("plans", plan_id, "stages", index, "steps")
            yield from _stage(place, stage, earlier)
            earlier |= {step_id for step in items(at(stage, "steps")) if (step_id := name(at(step, "id")))}
    yield from _circles(plans)


def _stage(place: Path, stage: object, earlier: set[str]) -> Iterator[Disorder]:
    steps = items(at(stage, "steps"))
    ids = [name(at(step, "id")) for step in steps]
    needs = {
        step_id: {need for one in items(at(step, "needs")) if (need := name(one))}
        for step, step_id in zip(steps, ids, strict=True)
        if step_id
    }
    parallel = at(stage, "parallel") is True
    for index, step in enumerate(steps):
        own = ids[index]
        for number, needed in enumerate(items(at(step, "needs"))):
            used, path = name(needed), (*place, index, "needs", number)
            if used is not None and used not in ids:
                yield Disorder(path, f"“{used}” is no step of this stage; earlier stages are over anyway")
            elif used is not None and own is not None and own in _before(used, needs) | {used}:
                yield Disorder(path, f"“{own}” would wait for itself")
        before = _before(own or "", needs) if parallel else {one for one in ids[:index] if one}
        yield from _condition((*place, index), step, earlier | before)
        yield from _without_acts((*place, index), step)


def _before(step: str, needs: Mapping[str, set[str]]) -> set[str]:
    """Every step that this one waits for."""
    found: set[str] = set()
    new = set(needs.get(step, ()))
    while new:
        found |= new
        new = {need for one in new for need in needs.get(one, ())} - found
    return found


def _condition(path: Path, step: object, before: set[str]) -> Iterator[Disorder]:
    used = name(at(step, "when", "step"))
    if used is not None and used not in before:
        known = f"; before it: {', '.join(sorted(before))}" if before else "; nothing is before it"
        yield Disorder((*path, "when", "step"), f"“{used}” is not surely over when this step begins{known}")


def _without_acts(path: Path, step: object) -> Iterator[Disorder]:
    uses = at(step, "uses")
    if uses in BY_HAND_OR_TIME:
        for key in ("retries", "on_failure", "undo"):
            if at(step, key) is not None:
                yield Disorder((*path, key), f"a step that uses {uses} does not fail; leave {key} out")


def _circles(plans: Mapping[str, object]) -> Iterator[Disorder]:
    """A failure may lead to another plan, and from there to a third one, but never back."""
    leads: dict[str, list[tuple[Path, str]]] = {plan_id: [] for plan_id in plans}
    for plan_id, plan in plans.items():
        for index, stage in enumerate(items(at(plan, "stages"))):
            for number, step in enumerate(items(at(stage, "steps"))):
                path: Path = ("plans", plan_id, "stages", index, "steps", number, "on_failure", "plan")
                if used := name(at(step, "on_failure", "plan")):
                    leads[plan_id].append((path, used))
    needs = {plan_id: {used for _, used in ways} for plan_id, ways in leads.items()}
    for plan_id, ways in leads.items():
        for path, used in ways:
            if plan_id in _before(used, needs) | {used}:
                yield Disorder(path, f"plan “{used}” leads back to “{plan_id}”")

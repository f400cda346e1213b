"""What does not fit in the cutover's plan, and in the others that nobody types anything for."""

from collections.abc import Iterator, Mapping

from bot.domain.playbook.plain import Path, at, items, mapping, name
from bot.domain.playbook.plans import EXPORT_SINCE, WAIT_UNTIL

Misfit = tuple[Path, str]


def cutover_contradictions(document: Mapping[str, object]) -> Iterator[Misfit]:
    """Times of day out of order or where none are, inputs that nobody types, exports of nothing."""
    plans = mapping(document.get("plans"))
    yield from _times(document, plans)
    yield from _inputs(document, plans)
    yield from _exports(document, plans)
    kinds = [at(phase, "kind") for phase in items(document.get("phases"))]
    if document.get("cutover") is not None and "grace" not in kinds:
        yield ("cutover",), "the migration goes over to a phase of kind grace, and there is none"


def _times(document: Mapping[str, object], plans: Mapping[str, object]) -> Iterator[Misfit]:
    planned = name(at(document, "cutover", "plan"))
    for plan_id, plan in plans.items():
        before: tuple[int, str] = (-1, "")
        for path, stage, step in _steps(plan_id, plan):
            if at(step, "uses") != WAIT_UNTIL:
                continue
            if planned != plan_id:
                message = "only the plan of the cutover waits for times of its day; use wait"
                yield (*path, "uses"), message
            elif at(stage, "parallel") is True:
                yield (*path, "uses"), "a time of day is waited for between steps, not beside them"
            time, day = at(step, "with", "at"), at(step, "with", "day")
            if isinstance(time, str) and len(time) == len("06:00"):
                moment = (day if isinstance(day, int) else 0, time)
                if moment <= before:
                    yield (*path, "with", "at"), f"{time} is not after {before[1]}, which comes first"
                before = max(before, moment)


def _inputs(document: Mapping[str, object], plans: Mapping[str, object]) -> Iterator[Misfit]:
    """A plan that starts on its day, or with the last approval, asks nobody for anything."""
    phases = items(document.get("phases"))
    used = {name(at(document, "cutover", key)) for key in ("plan", "back")}
    used |= {name(at(phase, key)) for phase in phases for key in ("forward", "back")}
    for plan_id in sorted(plan_id for plan_id in plans if plan_id in used):
        for index, one in enumerate(items(at(plans[plan_id], "inputs"))):
            if at(one, "default") is None:
                path: Path = ("plans", plan_id, "inputs", index)
                yield path, "nobody types anything when this plan begins; give the input a default"


def _exports(document: Mapping[str, object], plans: Mapping[str, object]) -> Iterator[Misfit]:
    declared = bool(items(at(document, "cutover", "since_cutover")))
    exports = [
        (path, step)
        for plan_id, plan in plans.items()
        for path, _, step in _steps(plan_id, plan)
        if at(step, "uses") == EXPORT_SINCE
    ]
    for path, step in exports:
        if not declared and not items(at(step, "with", "exports")):
            yield (*path, "uses"), "there is nothing to export: declare cutover.since_cutover"
    if declared and not exports:
        message = f"no plan exports it: a step that uses {EXPORT_SINCE} does"
        yield ("cutover", "since_cutover"), message


def _steps(plan_id: str, plan: object) -> Iterator[tuple[Path, object, object]]:
    """Each step with its path and its stage."""
    for index, stage in enumerate(items(at(plan, "stages"))):
        for number, step in enumerate(items(at(stage, "steps"))):
            yield ("plans", plan_id, "stages", index, "steps", number), stage, step

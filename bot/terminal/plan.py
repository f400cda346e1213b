"""`switchback plan`: the preview of a plan, with nothing changed."""

from typing import Annotated, Protocol

import typer

from bot.domain.playbook.document import PRODUCTION
from bot.domain.playbook.plans import Step
from bot.domain.preview import PlanPreview
from bot.domain.quantities import format_duration
from bot.terminal.ending import FINDING, Json, ended, joined, say_json
from bot.terminal.inputs import Inputs, typed_inputs


def plan(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    plan_id: Annotated[str | None, typer.Option("--plan", help="The plan; the first one without it.")] = None,
    environment: Annotated[str, typer.Option(help="The environment.")] = PRODUCTION,
    given: Inputs = None,
    as_json: Json = False,
) -> None:
    """Show every step of a rollback plan with its exact effect. Exit status 1 when one is not ready."""
    preview = ended(_preview(migration, plan_id, environment, typed_inputs(given)), as_json=as_json)
    if as_json:
        body = preview.model_dump(mode="json", include={"migration", "environment", "plan_id", "steps"})
        say_json({**body, "digest": preview.digest(), "ready": not preview.problems})
    else:
        tell_preview(preview)
    if preview.problems:
        raise typer.Exit(FINDING)


async def _preview(
    migration: str, plan_id: str | None, environment: str, inputs: dict[str, str]
) -> PlanPreview:
    async with joined() as switchback:
        services = switchback.services
        chosen = plan_id or next(iter(services.catalog.get(migration).playbook.plans))
        return await services.previews.of_plan(
            migration, plan_id=chosen, environment=environment, inputs=inputs or None
        )


def tell_preview(preview: PlanPreview) -> None:
    """Print a plan with the exact effect of each of its steps."""
    for line in preview_lines(preview):
        typer.echo(line)


def preview_lines(preview: PlanPreview) -> list[str]:
    """A plan with the exact effect of each of its steps."""
    plan = preview.plan
    lines = [
        f"{preview.migration}, plan {preview.plan_id} “{plan.title}”, {preview.environment}: "
        f"{len(plan.steps)} steps, budget {format_duration(plan.budget)}. Nothing was changed."
    ]
    stages = {stage.id: stage for stage in plan.stages}
    for number, step in enumerate(preview.steps, 1):
        title = f"{number}. [{stages[step.stage].title}] {step.title}"
        lines += effect_lines(title, plan.steps[number - 1], step)
    return lines


class Effect(Protocol):
    """What a preview says of one step."""

    @property
    def effect(self) -> str:
        """In words."""

    @property
    def exact(self) -> str:
        """Exactly what is sent or run."""

    @property
    def ready(self) -> bool:
        """Whether it could be done now."""

    @property
    def problem(self) -> str:
        """Why not."""


def effect_lines(title: str, step: Step, seen: Effect) -> list[str]:
    """One step: what it would do in words, exactly, and why it could not be done now."""
    lines = [f"{'✅' if seen.ready else '❌'} {title} ({format_duration(step.budget)})"]
    lines += [f"     {seen.effect}", f"     {seen.exact}"]
    return lines if seen.ready else [*lines, f"     not ready: {seen.problem}"]

"""A plan's preview: every step, with its exact effect where a message has the room."""

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby

from bot.domain.preview import PlanPreview, StepPreview
from bot.domain.quantities import format_duration
from bot.slack.blocks import (
    LISTED_TEXT,
    Block,
    Message,
    code,
    context,
    counted,
    escape,
    headline,
    moment,
    section,
    sections,
)


def plan_preview(preview: PlanPreview) -> list[Block]:
    """The plan, its steps, and for how long that is what would be done."""
    short = ["The exact effect of each step is in the confirmation.", *_steps(preview, _step_in_short)]
    blocks = [section(_summary(preview)), *sections(_steps(preview, _step), short)]
    if preview.problems:
        blocks.append(section(f"{_not_ready(preview)}. Rolling back now would stop there and ask you."))
    made = f"Nothing has been done yet. Previewed {moment(preview.made_at)}"
    blocks.append(context(f"{made}, valid until {moment(preview.expires_at)}"))
    return blocks


def dry_run(preview: PlanPreview) -> Message:
    """What a rollback would do, for one person to read; nothing can be pressed in it."""
    ready = _not_ready(preview) if preview.problems else "✅ every step is ready"
    head = f"Dry run of {preview.migration}, plan {preview.plan_id}: {ready}"
    more = f"`switchback plan {preview.migration} --plan {preview.plan_id}` at the terminal has them all."
    short = [f"The exact effects are too long for a message: {more}", *_steps(preview, _step_in_short)]
    blocks = [
        headline(head),
        section(_summary(preview)),
        *sections(_steps(preview, _step), short),
        context(f"Nothing was changed. Previewed {moment(preview.made_at)}"),
    ]
    return Message(text=escape(f"{head}. Nothing was changed."), blocks=tuple(blocks))


def _summary(preview: PlanPreview) -> str:
    plan = preview.plan
    stages, steps = counted(len(plan.stages), "stage"), counted(len(plan.steps), "step")
    return (
        f"Plan “{escape(plan.title)}”: {stages}, {steps}, "
        f"budget {format_duration(plan.budget)}, environment {escape(preview.environment)}"
    )


def _not_ready(preview: PlanPreview) -> str:
    count = len(preview.problems)
    return f"❌ {count} {'step is' if count == 1 else 'steps are'} not ready"


def is_shortened(preview: PlanPreview) -> bool:
    """Whether a message has no room for every step's exact effect."""
    return sum(map(len, _steps(preview, _step))) > LISTED_TEXT


def _steps(preview: PlanPreview, line: Callable[[StepPreview], str]) -> list[str]:
    """The steps, each stage's below its title."""
    stages = {stage.id: stage for stage in preview.plan.stages}
    lines = []
    numbered = enumerate(preview.steps, 1)
    for stage_id, steps in groupby(numbered, key=lambda counted: counted[1].stage):
        stage = stages[stage_id]
        lines.append(f"*{escape(stage.title, most=120)}* · {format_duration(stage.budget)}")
        lines.extend(f"{number}. {line(step)}" for number, step in steps)
    return lines


def _step(step: StepPreview) -> str:
    lines = [_step_in_short(step)]
    if step.exact:
        lines.append(f"      {code(step.exact)}")
    lines.append(f"      {escape(step.effect, most=300)}")
    if not step.ready:
        lines.append(f"      {escape(step.problem, most=300)}")
    return "\n".join(lines)


def _step_in_short(step: StepPreview) -> str:
    """Without its effect, which the confirmation has."""
    budget = format_duration(timedelta(seconds=step.budget_seconds))
    line = f"{escape(step.title, most=120)} · {budget}"
    return line if step.ready else f"❌ {line} · not ready"

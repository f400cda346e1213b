"""Modals: the typed confirmation, reasons, the choice of a migration, evidence."""

import json
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.preview import PlanPreview
from bot.domain.quantities import format_duration
from bot.domain.run import Run, StepState
from bot.domain.step_decision import StepDecision
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    choice_input,
    clip,
    code,
    context,
    escape,
    modal,
    moment,
    section,
    text_input,
)

_DECISIONS: dict[StepDecision, tuple[str, str]] = {
    "skip": ("Skip the step", "Skip step"),
    "mark-done": ("Mark the step as done", "Mark done"),
    "abort": ("Abort the rollback", "Abort rollback"),
}


def confirmation(preview: PlanPreview, title: str) -> Block:
    """What will be done, counted and named, and the migration's name to be typed."""
    effects = [step for step in preview.steps if step.exact]
    lines = [
        f"{number}. {escape(step.title)}: {code(step.exact, 120)}" for number, step in enumerate(effects, 1)
    ]
    head = (
        f"*Roll back {escape(title)} in {escape(preview.environment)}*\n"
        f"Plan “{escape(preview.plan.title)}”: {len(preview.steps)} steps, "
        f"budget {format_duration(preview.plan.budget)}"
    )
    blocks = [section(head), section(clip("\n".join(lines), 2900))]
    if preview.problems:
        names = ", ".join(step.title for step in preview.problems)
        blocks.append(section(f"❌ Not ready now: {escape(clip(names, 500))}"))
    blocks.append(
        text_input(
            block_id="name",
            label=f"Type {preview.migration} to confirm",
            placeholder=preview.migration,
        )
    )
    blocks.append(context(f"Valid until {moment(preview.expires_at)}"))
    metadata = {"walk": preview.walk, "preview": preview.id, "digest": preview.digest()}
    return modal(
        callback_id=ids.CONFIRM_MODAL,
        title="Confirm the rollback",
        blocks=blocks,
        metadata=json.dumps(metadata),
        submit="Roll back",
        close="Do nothing",
    )


def overrule(shown: ids.Shown, plans: Sequence[tuple[str, str]]) -> Block:
    """A rollback against the verdict: which plan, and why."""
    blocks = [
        section(
            "The verdict is to keep watching. Overruling it is written into the timeline with your reason."
        ),
        choice_input(block_id="plan", label="Roll back by plan", options=plans),
        text_input(block_id="reason", label="Reason", multiline=True),
    ]
    return modal(
        callback_id=ids.OVERRULE_MODAL,
        title="Roll back anyway",
        blocks=blocks,
        metadata=str(shown),
        submit="Preview the plan",
        close="Back",
    )


def keep_watching(shown: ids.Shown) -> Block:
    """No rollback against the verdict, and why."""
    blocks = [
        section("The verdict is to roll back. Your reason is written into the timeline."),
        text_input(block_id="reason", label="Reason", multiline=True),
    ]
    return modal(
        callback_id=ids.KEEP_WATCHING_MODAL,
        title="Keep watching",
        blocks=blocks,
        metadata=str(shown),
        submit="Keep watching",
        close="Back",
    )


def step_reason(run: Run, state: StepState, decision: StepDecision) -> Block:
    """A decision about a step that takes a reason."""
    title, submit = _DECISIONS[decision]
    step = run.step(state.step)
    blocks = [
        section(f"*{escape(step.title)}*: {escape(state.status)}\n{escape(clip(state.summary, 1500))}"),
        text_input(block_id="reason", label="Reason", multiline=True),
    ]
    if decision == "abort":
        done = f"{run.settled} of {len(run.steps)} steps are done and stay done."
        blocks.insert(1, section(f"Nothing further will be done. {done}"))
    return modal(
        callback_id=f"{ids.STEP_MODAL}:{decision}",
        title=title,
        blocks=blocks,
        metadata=str(ids.Shown(run.id, state.attempt, state.step)),
        submit=submit,
        close="Back",
    )


def pick_migration(command: str, migrations: Sequence[tuple[str, str]]) -> Block:
    """Which migration a command without one was meant for."""
    return modal(
        callback_id=ids.PICK_MODAL,
        title="Which migration?",
        blocks=[choice_input(block_id="migration", label=f"Migration for {command}", options=migrations)],
        metadata=command,
        submit="Go on",
        close="Do nothing",
    )


def evidence(run: Run, state: StepState) -> Block:
    """What a step's adapter gave as evidence, bounded."""
    step = run.step(state.step)
    blocks = [
        section(f"*{escape(step.title)}*, attempt {state.attempt}: {escape(clip(state.summary, 1500))}")
    ]
    for proof in state.evidence[:20]:
        text = clip(proof.text, 2500).replace("```", "ˋˋˋ")
        blocks.append(section(f"*{escape(proof.name)}*\n```{escape(clip(text, 2500))}```"))
    took = format_duration(state.elapsed(state.ended_at or run.confirmed_at) or timedelta())
    blocks.append(context(f"took {took}"))
    return modal(
        callback_id="evidence", title="Evidence", blocks=blocks, metadata="", submit=None, close="Close"
    )

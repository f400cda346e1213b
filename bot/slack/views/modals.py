"""Modals: the typed confirmation, reasons, the choice of a migration, evidence."""

import json
from collections.abc import Sequence

from bot.domain.playbook.inputs import Input
from bot.domain.preview import PlanPreview
from bot.domain.quantities import format_duration
from bot.domain.run import Run
from bot.domain.step_decision import StepDecision
from bot.domain.step_state import StepState
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    choice_input,
    code,
    context,
    counted,
    escape,
    modal,
    moment,
    section,
    sections,
    text_input,
)
from bot.slack.views.preview import is_shortened

# Far below the 250 kB and 100 blocks of a view.
MODAL_TEXT = 60_000

_DECISIONS: dict[StepDecision, tuple[str, str]] = {
    "skip": ("Skip the step", "Skip step"),
    "mark-done": ("Mark the step as done", "Mark done"),
}


def confirmation(preview: PlanPreview, title: str, *, approvals: int = 0) -> Block:
    """What will be done, counted and named, and the migration's name to be typed.

    `approvals` is how many other people have to approve before it starts.
    """
    blocks = what_is_done(preview, title)
    if approvals:
        people = "1 other person has" if approvals == 1 else f"{approvals} other people have"
        blocks.append(section(f"Nothing starts yet: {people} to approve it first."))
    blocks.extend(plan_inputs(preview.inputs))
    blocks.append(name_input(preview))
    blocks.append(context(f"Valid until {moment(preview.expires_at)}"))
    metadata = {"walk": preview.walk, "preview": preview.id, "digest": preview.digest()}
    return modal(
        callback_id=ids.CONFIRM_MODAL,
        title="Confirm the rollback",
        blocks=blocks,
        metadata=json.dumps(metadata),
        submit="Ask for approval" if approvals else "Roll back",
        close="Do nothing",
    )


def what_is_done(preview: PlanPreview, title: str) -> list[Block]:
    """The migration, the plan and every step, and what of it is not ready.

    Exact effects are told here where the verdict's message had no room for them.
    """
    exact = is_shortened(preview)
    lines = [
        f"{number}. {escape(step.title, most=300)}{f': {code(step.exact, 1000)}' if exact else ''}"
        for number, step in enumerate(preview.steps, 1)
    ]
    steps = counted(len(preview.steps), "step")
    head = (
        f"*Roll back {escape(title)} in {escape(preview.environment)}*\n"
        f"Plan “{escape(preview.plan.title)}”: {steps}, "
        f"budget {format_duration(preview.plan.budget)}"
    )
    blocks = [section(head), *sections(lines, most=MODAL_TEXT)]
    if preview.problems:
        names = ", ".join(step.title for step in preview.problems)
        blocks.append(section(f"❌ Not ready now: {escape(names, most=500)}"))
    return blocks


def name_input(preview: PlanPreview) -> Block:
    """The migration's name, to be typed."""
    return text_input(
        block_id="name", label=f"Type {preview.migration} to confirm", placeholder=preview.migration
    )


def code_input() -> Block:
    """A code of the second factor, to be typed."""
    return text_input(block_id="code", label="Six-digit code from your authenticator", placeholder="123456")


def plan_inputs(inputs: Sequence[Input]) -> list[Block]:
    """What a plan asks for, a field each."""
    return [
        choice_input(
            block_id=one.field,
            label=one.title,
            options=[(value, value) for value in one.choice],
            initial=one.default or "",
        )
        if one.choice is not None
        else text_input(block_id=one.field, label=one.title, hint=one.wanted, initial=one.default or "")
        for one in inputs
    ]


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
        section("Something speaks for rolling back. Your reason is written into the timeline."),
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
        section(f"*{escape(step.title, most=500)}*: {state.status}\n{escape(state.summary, most=2000)}"),
        text_input(block_id="reason", label="Reason", multiline=True),
    ]
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
        section(
            f"*{escape(step.title, most=500)}*, attempt {state.attempt}: {escape(state.summary, most=2000)}"
        )
    ]
    for proof in state.evidence[:20]:
        text = escape(proof.text.replace("`", "ˋ"), most=2500)
        blocks.append(section(f"*{escape(proof.name, most=200)}*\n```{text or ' '}```"))
    if state.ended_at is not None:
        blocks.append(context(f"took {format_duration(state.elapsed(state.ended_at))}"))
    return modal(
        callback_id="evidence", title="Evidence", blocks=blocks, metadata="", submit=None, close="Close"
    )

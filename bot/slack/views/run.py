"""A run's one live message: where it stands, what it waits for, how it ended."""

from bot.domain.messages.run import RunFacts, StageLine, StepLine
from bot.domain.quantities import clock
from bot.domain.run import StepStatus
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    escape,
    moment,
    section,
)

STEP_MARKS: dict[StepStatus, str] = {
    "pending": "◻︎",
    "running": "⏳",
    "waiting": "⏳",
    "done": "✅",
    "failed": "❌",
    "unknown": "❔",
    "skipped": "⏭",
}
_STAGE_MARKS = {"pending": "◻︎", "running": "⏳", "done": "✅", "stopped": "❌"}


def run(facts: RunFacts) -> Message:
    """The run as it stands: one line that says all, stages and steps, and the buttons it waits for."""
    head = _head(facts)
    blocks: list[Block] = [section(f"*{escape(head)}*"), *_ask(facts)]
    blocks.append(section("\n".join(_stage(stage, facts) for stage in facts.stages)))
    blocks.append(context(_foot(facts)))
    return Message(text=head, blocks=tuple(blocks))


def _head(facts: RunFacts) -> str:
    took = f"{clock(facts.elapsed)} of {clock(facts.budget)}"
    steps = f"{facts.settled} of {facts.total} steps"
    step = f"“{facts.current.title}”" if facts.current else ""
    match facts.status:
        case "done":
            over = "" if facts.elapsed <= facts.budget else ", over budget"
            return f"✅ {facts.migration} is rolled back · {took}{over} · {steps}"
        case "aborted":
            return f"❌ {facts.migration} rollback aborted by {facts.ended_by} · {took} · {steps}"
        case "asking" if facts.current and facts.current.status == "unknown":
            return f"❔ {facts.migration} rollback waits for you: step {step} may or may not have been done"
        case "asking":
            return f"❌ {facts.migration} rollback waits for you: step {step} failed"
        case "waiting":
            return f"⏳ {facts.migration} rollback · {took} · waits for step {step}"
        case _:
            return f"⏳ {facts.migration} rollback · {took} · {steps}"


def _ask(facts: RunFacts) -> list[Block]:
    """What the run waits for, with its buttons; nothing when it waits for nobody."""
    step = facts.current
    if step is None or facts.status not in ("asking", "waiting"):
        return []
    shown = str(ids.Shown(facts.id, step.attempt, step.id))

    def press(decision: str, text: str, *, primary: bool = False) -> Block:
        action_id = f"{ids.STEP}:{decision}"
        return button(text, action_id=action_id, value=shown, style="primary" if primary else None)

    if step.status == "waiting" and step.uses == "manual":
        buttons = [press("manual-done", f"Done: {step.title}", primary=True)]
        text = f"By hand: {escape(facts.instructions)}"
    elif step.status == "failed":
        buttons = [press("retry", "Retry step", primary=True)]
        text = escape(clip(step.summary, 1000))
    elif step.status == "unknown":
        buttons = [press("mark-done", "Mark done…", primary=True), press("retry", "Run step again")]
        text = escape(clip(step.summary, 1000))
    else:
        return []
    buttons.append(press("skip", "Skip step…"))
    if step.evidence:
        buttons.append(button("Evidence", action_id=ids.EVIDENCE, value=shown))
    abort = button("Abort rollback…", action_id=f"{ids.STEP}:abort", value=shown, style="danger")
    return [section(text), actions([*buttons, abort], block_id="decide")]


def _stage(stage: StageLine, facts: RunFacts) -> str:
    mark = _STAGE_MARKS[stage.status]
    time = (
        f"{clock(stage.elapsed)} of {clock(stage.budget)}"
        if stage.status != "pending"
        else clock(stage.budget)
    )
    line = f"{mark} *{escape(stage.title)}* {time}"
    folded = stage.status == "done" and facts.status not in ("done", "aborted")
    if stage.status == "pending" or (folded and not any(step.decided_by for step in stage.steps)):
        return line
    return "\n".join([line, *(_step(step) for step in stage.steps)])


def _step(step: StepLine) -> str:
    times = f" {clock(step.elapsed)} of {clock(step.budget)}" if step.started_at else ""
    attempt = f", attempt {step.attempt}" if step.attempt > 1 else ""
    decided = ""
    if step.decided_by is not None and step.status in ("done", "skipped"):
        did = "skipped" if step.status == "skipped" else "done"
        why = f": {escape(clip(step.reason, 200))}" if step.reason else ""
        decided = f" · {did} by {escape(step.decided_by.name)}{why}"
    return f"      {STEP_MARKS[step.status]} {escape(step.title)}{times}{attempt}{decided}"


def _foot(facts: RunFacts) -> str:
    parts = [
        f"{escape(facts.title)} · plan “{escape(facts.plan_title)}” · {escape(facts.environment)}",
        f"confirmed by {escape(facts.confirmed_by)} {moment(facts.confirmed_at)}",
        f"{clock(facts.confirmed_at - facts.detected_at)} from the first question to the confirmation",
    ]
    if facts.status == "aborted" and facts.end_reason:
        parts.append(f"reason: {escape(facts.end_reason)}")
    if facts.status == "running":
        parts.append(f"as of {moment(facts.at, '{time_secs}')}")
    return " · ".join(parts)

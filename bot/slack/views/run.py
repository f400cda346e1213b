"""A run's one live message: where it stands, what it waits for, how it ended."""

from bot.domain.messages.run import RunFacts, StageLine, StepLine
from bot.domain.quantities import clock
from bot.domain.run import ACTIVE_RUNS, StepStatus
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    headline,
    moment,
    section,
    sections,
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
    full = [line for stage in facts.stages for line in _stage(stage, facts)]
    short = [line for stage in facts.stages for line in _stage_in_short(stage, facts)]
    blocks = (headline(head), *_ask(facts), *sections(full, short), context(_foot(facts)))
    return Message(text=escape(head), blocks=blocks)


def _head(facts: RunFacts) -> str:
    took = f"{clock(facts.elapsed)} of {clock(facts.budget)}"
    steps = facts.progress
    step = f"“{facts.current.title}”" if facts.current else ""
    match facts.status:
        case "done":
            over = "" if facts.elapsed <= facts.budget else ", over budget"
            return f"✅ {facts.migration}: “{facts.plan_title}” is done · {took}{over} · {steps}"
        case "aborted":
            return f"❌ {facts.migration} rollback aborted by {facts.ended_by} · {took} · {steps}"
        case "asking" if facts.current and facts.current.status == "unknown":
            return f"❔ {facts.migration} rollback waits for you: step {step} may or may not have been done"
        case "asking":
            return f"❌ {facts.migration} rollback waits for you: step {step} failed"
        case "waiting":
            return f"⏳ {facts.migration} rollback waits for you: {step} · {steps}"
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
        since = f"Since {moment(step.started_at, '{time_secs}')}" if step.started_at else "Now"
        text = f"{since}, by hand: {escape(facts.instructions, most=2800)}"
    elif step.status == "failed":
        buttons = [press("retry", "Retry step", primary=True)]
        text = _why(step)
    elif step.status == "unknown":
        buttons = [press("mark-done", "Mark done…", primary=True), press("retry", "Run step again")]
        text = _why(step)
    else:
        return []
    buttons.append(press("skip", "Skip step…"))
    if step.evidence:
        buttons.append(button("Evidence", action_id=ids.EVIDENCE, value=shown))
    abort = button("Abort rollback…", action_id=f"{ids.STEP}:abort", value=shown, style="danger")
    return [section(text), actions([*buttons, abort], block_id="decide")]


def _why(step: StepLine) -> str:
    return escape(step.summary, most=1500) or "The step did not say why."


def _stage(stage: StageLine, facts: RunFacts) -> list[str]:
    """The stage and its steps, which are folded before it begins and while the run is past it."""
    folded = stage.status == "done" and facts.status in ACTIVE_RUNS
    if stage.status == "pending" or (folded and not any(step.decided_by for step in stage.steps)):
        return [_stage_line(stage)]
    return [_stage_line(stage), *(_step(step, facts) for step in stage.steps)]


def _stage_in_short(stage: StageLine, facts: RunFacts) -> list[str]:
    """The stage, and the step of it that stands out."""
    current = [step for step in stage.steps if facts.current is not None and step.id == facts.current.id]
    return [_stage_line(stage), *(_step(step, facts) for step in current)]


def _stage_line(stage: StageLine) -> str:
    unknown = any(step.status == "unknown" for step in stage.steps)
    mark = "❔" if unknown else _STAGE_MARKS[stage.status]
    waits = any(step.status == "waiting" for step in stage.steps)
    spent = "" if waits or stage.status == "pending" else f"{clock(stage.elapsed)} of "
    over = ", over budget" if spent and stage.elapsed > stage.budget else ""
    return f"{mark} *{escape(stage.title, most=150)}* · {spent}{clock(stage.budget)}{over}"


def _step(step: StepLine, facts: RunFacts) -> str:
    # Nothing waits any more once the run is over.
    mark = STEP_MARKS["pending" if step.status == "waiting" and facts.status == "aborted" else step.status]
    times = ""
    if step.started_at and step.status == "waiting":
        # A stopwatch in a message that nobody brings up to date would stand still.
        times = f" · since {moment(step.started_at, '{time_secs}')}, budget {clock(step.budget)}"
    elif step.started_at:
        over = ", over budget" if step.elapsed > step.budget else ""
        times = f" · {clock(step.elapsed)} of {clock(step.budget)}{over}"
    attempt = f", attempt {step.attempt}" if step.attempt > 1 else ""
    decided = ""
    if step.decided_by is not None and step.status in ("done", "skipped"):
        did = "skipped" if step.status == "skipped" else "done"
        why = f": {escape(step.reason, most=200)}" if step.reason else ""
        decided = f" · {did} by {escape(step.decided_by.name, most=100)}{why}"
    return f"      {mark} {escape(step.title, most=150)}{times}{attempt}{decided}"


def _foot(facts: RunFacts) -> str:
    parts = [
        f"{escape(facts.title, most=200)} · plan “{escape(facts.plan_title, most=200)}”",
        escape(facts.environment),
        f"confirmed by {escape(facts.confirmed_by)} {moment(facts.confirmed_at)}",
        f"{clock(facts.confirmed_at - facts.detected_at)} from the first question to the confirmation",
    ]
    if facts.approved_by:
        parts.append(f"approved by {escape(', '.join(facts.approved_by), most=300)}")
    if facts.broke_glass:
        parts.append(f"went on alone: {escape(facts.broke_glass, most=500)}")
    if facts.status == "aborted" and facts.end_reason:
        parts.append(f"reason: {escape(facts.end_reason, most=1000)}")
    if facts.status in ("waiting", "asking"):
        parts.append(f"budget until {moment(facts.confirmed_at + facts.budget, '{time_secs}')}")
    if facts.status == "running":
        parts.append(f"as of {moment(facts.at, '{time_secs}')}")
    return " · ".join(parts)

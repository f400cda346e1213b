"""A run's one live message: where it stands, what it waits for, how it ended."""

from bot.domain.messages.run import RunFacts, StageLine, StepLine
from bot.domain.playbook.document import PRODUCTION
from bot.domain.playbook.plans import WAIT_UNTIL
from bot.domain.quantities import clock
from bot.domain.run import ACTIVE_RUNS
from bot.domain.step_state import StepStatus
from bot.slack.blocks import Message, context, escape, headline, moment, sections
from bot.slack.views.run_presses import questions, steering

STEP_MARKS: dict[StepStatus, str] = {
    "pending": "◻︎",
    "running": "⏳",
    "waiting": "⏳",
    "done": "✅",
    "failed": "❌",
    "unknown": "❔",
    "skipped": "⏭",
    "omitted": "◻︎",
    "tolerated": "❌",
}
_STAGE_MARKS = {"pending": "◻︎", "running": "⏳", "done": "✅", "stopped": "❌"}


def run(facts: RunFacts) -> Message:
    """The run as it stands: one line that says all, stages and steps, and the buttons it waits for."""
    head = _head(facts)
    full = [line for stage in facts.stages for line in _stage(stage, facts)]
    short = [line for stage in facts.stages for line in _stage_in_short(stage, facts)]
    below = (*sections(full, short), *steering(facts), context(_foot(facts)))
    return Message(text=escape(head), blocks=(headline(head), *questions(facts), *below))


def _head(facts: RunFacts) -> str:  # noqa: PLR0911 - one line for each way in which it stands
    took = f"{clock(facts.elapsed)} of {clock(facts.budget)}"
    steps = facts.progress
    step = f"“{facts.current.title}”" if facts.current else ""
    what = f"{_rehearsed(facts)}{facts.migration} {facts.described}{_where(facts)}"
    if facts.gives_way:
        return f"⏳ {what} is being stopped by {facts.ended_by}: step {step} is brought to its end"
    match facts.status:
        case "done":
            over = "" if facts.elapsed <= facts.budget else ", over budget"
            name = f"{_rehearsed(facts)}{facts.migration}{_where(facts)}"
            done = f"{name}: “{facts.plan_title}” is done"
            return f"✅ {done} · {took}{over} · {steps}"
        case "aborted":
            return f"❌ {what} aborted by {facts.ended_by} · {took} · {steps}"
        case "aborting":
            return f"⏳ {what} is being aborted by {facts.ended_by}: {step} is being stopped"
        case "queued":
            return f"⏳ {what} begins as soon as the step that acts has ended"
        case "replaced":
            return f"❌ {what} was given up for another plan · {took} · {steps}"
        case "paused":
            return f"⏳ {what} paused by {facts.paused_by} · {took} · {steps}"
        case _:
            return _going_on(facts, what, took, step)


def _going_on(facts: RunFacts, what: str, took: str, step: str) -> str:
    """What it waits for, or how far it is and when it will be done."""
    if facts.status == "asking" and facts.current and facts.current.status == "unknown":
        return f"❔ {what} waits for you: step {step} may or may not have been done"
    if facts.status == "asking":
        return f"❌ {what} waits for you: step {step} failed"
    if facts.status == "waiting" and facts.asks and facts.asks[0].due is None:
        return f"⏳ {what} waits for you: “{facts.asks[0].title}” · {facts.progress}"
    if facts.status == "waiting":
        on = facts.hold.described(facts.at) if facts.hold else f"{step} goes on by itself"
        return f"⏳ {what} · {facts.progress} · {on}"
    projected = f" · projected {clock(facts.projected)}" if facts.projected else ""
    return f"⏳ {what} · {took} · {facts.progress}{projected}"


def _rehearsed(facts: RunFacts) -> str:
    """The first words of a rehearsal: nobody shall take it for the real thing."""
    return f"Rehearsal in {facts.environment}: " if facts.rehearsal else ""


def _where(facts: RunFacts) -> str:
    return "" if facts.environment == PRODUCTION or facts.rehearsal else f" in {facts.environment}"


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
    over = step.status == "waiting" and facts.status not in ACTIVE_RUNS
    mark = STEP_MARKS["pending" if over else step.status]
    times = ""
    if step.uses == WAIT_UNTIL and step.status == "waiting" and step.due is not None:
        times = f" · until {moment(step.due)}"
    elif step.started_at and step.status == "waiting":
        # A stopwatch in a message that nobody brings up to date would stand still.
        times = f" · since {moment(step.started_at, '{time_secs}')}, budget {clock(step.budget)}"
    elif step.started_at:
        late = ", over budget" if step.elapsed > step.budget else ""
        times = f" · {clock(step.elapsed)} of {clock(step.budget)}{late}"
    attempt = f", attempt {step.attempt}" if step.attempt > 1 else ""
    decided = f" · not needed: {escape(step.summary, most=200)}" if step.status == "omitted" else ""
    if step.status == "tolerated":
        decided = f" · failed, and the plan went on: {escape(step.summary, most=200)}"
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
    ]
    if not facts.rehearsal and facts.purpose == "rollback":
        detected = clock(facts.confirmed_at - facts.detected_at)
        parts.append(f"{detected} from the first question to the confirmation")
    if facts.inputs:
        typed = ", ".join(f"{name} {value}" for name, value in facts.inputs.items())
        parts.append(escape(typed, most=800))
    if facts.approved_by:
        parts.append(f"approved by {escape(', '.join(facts.approved_by), most=300)}")
    if facts.broke_glass:
        parts.append(f"went on alone: {escape(facts.broke_glass, most=500)}")
    if facts.status in ("aborted", "replaced") and facts.end_reason:
        parts.append(f"reason: {escape(facts.end_reason, most=1000)}")
    if facts.status in ("waiting", "asking", "paused"):
        until = facts.budget_until or facts.confirmed_at + facts.budget
        parts.append(f"budget until {moment(until, '{time_secs}')}")
    if facts.hold is not None:
        parts.append(f"times of day are of {escape(facts.hold.zone)}")
    if facts.status == "running":
        parts.append(f"as of {moment(facts.at, '{time_secs}')}")
    return " · ".join(parts)

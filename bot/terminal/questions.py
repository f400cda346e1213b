"""What a run that rests waits for, and how it is answered by a command."""

from datetime import datetime

from bot.domain.messages.run import StepLine, run_facts
from bot.domain.run import Run
from bot.terminal.following import at_rest


def open_questions(run: Run, now: datetime) -> tuple[StepLine, ...]:
    """The steps that wait for a person, the most urgent first; waits for a time are not among them."""
    return tuple(step for step in run_facts(run, now=now).asks if step.due is None)


def question(step: StepLine) -> str:
    """What is asked of a person."""
    match step.status:
        case "waiting":
            return f"⏳ by hand: {step.title}: {step.instructions}"
        case "failed":
            return f"❌ {step.title} failed: {step.summary}"
    return f"❔ {step.title} may or may not have been done: {step.summary}"


def how_to_answer(run: Run, now: datetime) -> list[str]:
    """The open questions, each with the commands that settle it; nothing of a run that is over or goes on."""
    if not run.active or not at_rest(run, now):
        return []
    lines = [] if run.status != "paused" else [f"It is paused. Go on: switchback runs resume {run.id}"]
    for step in open_questions(run, now):
        ways = ("done",) if step.status == "waiting" else ("retry", "mark-done")
        lines.append(question(step))
        lines.extend(
            f"     switchback runs {way} {run.id} {step.id}{_reason(way)}" for way in (*ways, "skip")
        )
    return lines


def _reason(way: str) -> str:
    return " --reason …" if way in ("mark-done", "skip") else ""

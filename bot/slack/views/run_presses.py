"""What can be pressed in a run's message: the answers to its questions, and what steers it as a whole."""

from bot.domain.messages.run import RunFacts, StepLine
from bot.domain.run_purpose import noun
from bot.domain.step_state import QUESTIONS
from bot.slack import action_ids as ids
from bot.slack.blocks import Block, Style, actions, button, context, counted, escape, moment, section

# Slack takes 50 blocks; more questions than these at once are answered one after the other.
MOST_QUESTIONS = 5
_STEERED = ("running", "waiting", "asking", "paused")


def questions(facts: RunFacts) -> list[Block]:
    """What the run waits for, each with its buttons."""
    if facts.status not in _STEERED:
        return []
    shown = facts.asks[:MOST_QUESTIONS]
    blocks = [block for number, step in enumerate(shown) for block in _question(facts, step, number)]
    if len(facts.asks) > len(shown):
        blocks.append(context(f"{len(facts.asks) - len(shown)} more steps wait for an answer after these"))
    return blocks


def steering(facts: RunFacts) -> list[Block]:
    """Pause, note and abort, and what there is when it failed; after an abort, to take back what was done."""
    if facts.status == "aborted" and facts.undoes:
        text = f"Take back {counted(facts.undoes, 'step')}…"
        return [actions([_steer("undo", text, facts)], block_id="steer")]
    if facts.status not in _STEERED or facts.gives_way:
        return []
    failed = any(step.status in QUESTIONS for step in facts.asks)
    named = [context(_escalation(facts))] if failed and facts.escalation else []
    return [*named, actions(_steering(facts, failed=failed), block_id="steer")]


def _question(facts: RunFacts, step: StepLine, number: int) -> list[Block]:
    shown = str(ids.Shown(facts.id, step.attempt, step.id))

    def press(decision: str, text: str, *, primary: bool = False) -> Block:
        # One primary button a message: that of the first question.
        first: Style | None = "primary" if primary and number == 0 else None
        return button(text, action_id=f"{ids.STEP}:{decision}", value=shown, style=first)

    if step.status == "failed":
        buttons = [press("retry", "Retry step", primary=True), press("mark-done", "Mark done…")]
        text = _why(step)
    elif step.status == "unknown":
        buttons = [press("mark-done", "Mark done…", primary=True), press("retry", "Run step again")]
        text = _why(step)
    elif step.due is not None:
        buttons = []
        text = f"Nothing happens until {moment(step.due, '{time_secs}')}"
    else:
        buttons = [press("manual-done", f"Done: {step.title}", primary=True)]
        since = f"Since {moment(step.started_at, '{time_secs}')}" if step.started_at else "Now"
        text = f"{since}, by hand: {escape(step.instructions, most=2800)}"
    buttons.append(press("skip", "Skip step…"))
    if step.evidence:
        buttons.append(button("Evidence", action_id=ids.EVIDENCE, value=shown))
    titled = f"*{escape(step.title, most=150)}* · {text}" if len(facts.asks) > 1 else text
    return [section(titled), actions(buttons, block_id=f"decide:{step.id}")]


def _why(step: StepLine) -> str:
    return escape(step.summary, most=1500) or "The step did not say why."


def _steering(facts: RunFacts, *, failed: bool) -> list[Block]:
    buttons = []
    if facts.status == "paused":
        buttons.append(_steer("resume", "Go on", facts, style=None if facts.asks else "primary"))
    else:
        buttons.append(_steer("pause", "Pause", facts))
    buttons.append(_steer("note", "Note…", facts))
    if failed and facts.emergency:
        buttons.append(_steer("emergency", f"Emergency plan: {facts.emergency}…", facts, style="danger"))
    if facts.back:
        beyond = ", beyond the point of no return" if facts.past_no_return else ""
        buttons.append(_steer("back", f"Back to legacy{beyond}…", facts, style="danger"))
    return [*buttons, _steer("abort", f"Abort {noun(facts.purpose)}…", facts, style="danger")]


def _steer(what: str, text: str, facts: RunFacts, *, style: Style | None = None) -> Block:
    value = str(ids.Shown(facts.id, 0))
    return button(text, action_id=f"{ids.RUN}:{what}", value=value, style=style)


def _escalation(facts: RunFacts) -> str:
    contacts = [
        f"{number}. {escape(one.title, most=100)} ({escape(one.reach, most=200)})"
        f"{': ' + escape(one.does, most=200) if one.does else ''}"
        for number, one in enumerate(facts.escalation, 1)
    ]
    return f"If the {noun(facts.purpose)} itself fails, call in this order: {' · '.join(contacts)}"

"""Where a migration is, for the person who asked; and the modal of the way back a phase."""

import json

from bot.domain.gates.board import MARKED, told
from bot.domain.messages.phase import LeavingLine, PhaseFacts
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.phases import Phase
from bot.domain.preview import PlanPreview
from bot.domain.quantities import format_duration
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    MESSAGE_TEXT,
    Block,
    Message,
    code,
    context,
    counted,
    escape,
    headline,
    modal,
    moment,
    section,
    sections,
    text_input,
)

_WHEN = "{date_short_pretty} {time}"
_MOST_DATES = 12
# Of one line, and of the lines of a part: three parts fit into a message.
_LINE, _LISTED = 400, 3500
_MODAL_TEXT = 60_000


def phase(facts: PhaseFacts) -> Message:
    """The phase and its day first, then what is allowed and needed, then what comes."""
    head = f"{facts.title} is in phase “{facts.named}”{_day(facts)}"
    lines = [
        f"Since {moment(facts.since, _WHEN)}{_until(facts)}" if facts.since else "Since when is not known"
    ]
    if facts.countdown:
        lines.append(f"⏳ {escape(facts.countdown, most=_LINE)}")
    lines.append(f"Rollback: {escape(facts.rollback, most=_LINE)}")
    lines += [f"Allowed: {escape(one, most=_LINE)}" for one in facts.allows]
    below = (*sections(_leaving(facts), most=_LISTED), *sections(_dates(facts), most=_LISTED))
    blocks = [headline(head), *sections(lines, most=_LISTED), *below]
    return Message(text=escape(head, most=MESSAGE_TEXT), blocks=tuple(blocks))


def back(playbook: Playbook, to: Phase, preview: PlanPreview | None) -> Block:
    """Where it goes back to, and each step; the migration's name is typed."""
    head = f"*{escape(playbook.title)}* goes back from “{escape(playbook.current_phase.named)}” to"
    head = f"{head} “{escape(to.named)}”"
    blocks = [section(head)]
    if preview is None:
        blocks.append(section("The playbook has no plan for it: the phase alone is moved, at once."))
    else:
        steps = f"{counted(len(preview.steps), 'step')}, budget {format_duration(preview.plan.budget)}"
        lines = [
            f"{number}. {escape(step.title, most=300)}: {code(step.exact, 1000)}"
            f"{' · ❌ not ready now: ' + escape(step.problem, most=300) if step.problem else ''}"
            for number, step in enumerate(preview.steps, 1)
        ]
        blocks += [section(f"{escape(preview.plan.title)}: {steps}"), *sections(lines, most=_MODAL_TEXT)]
    label = f"Type {playbook.migration} to go back"
    blocks.append(text_input(block_id="name", label=label, placeholder=playbook.migration))
    if preview is not None:
        blocks.append(context(f"Valid until {moment(preview.expires_at)}"))
    bound = {
        "migration": playbook.migration,
        "from_phase": playbook.phase,
        "preview": preview.id if preview else "",
        "digest": preview.digest() if preview else "",
    }
    return modal(
        callback_id=ids.PHASE_BACK_MODAL,
        title="Back to the phase before",
        blocks=blocks,
        metadata=json.dumps(bound),
        submit="Go back",
        close="Do nothing",
    )


def _day(facts: PhaseFacts) -> str:
    if facts.day is None:
        return ""
    return f", day {facts.day}{f' of {facts.days}' if facts.days else ''}"


def _until(facts: PhaseFacts) -> str:
    return f", until {moment(facts.ends, _WHEN)}" if facts.ends else ""


def _leaving(facts: PhaseFacts) -> list[str]:
    if not facts.next_phase:
        return ["It is the last phase."]
    by = f", decided by {escape(facts.decided_by)}" if facts.decided_by else ""
    lines = [f"*Next: “{escape(facts.next_phase, most=_LINE)}”*{by}"]
    if facts.problem:
        lines.append(f"❔ {escape(facts.problem, most=_LINE)}")
    return [*lines, *(_criterion(one) for one in facts.leaving)]


def _criterion(one: LeavingLine) -> str:
    target = escape(one.target, most=_LINE)
    if one.actual is None:
        return f"• {target}: {MARKED['unknown']}"
    return f"• {target}: {escape(told(one.actual.state, one.actual.reason), most=_LINE)}"


def _dates(facts: PhaseFacts) -> list[str]:
    lines = [f"• {moment(one.at, _WHEN)} {escape(one.what, most=_LINE)}" for one in facts.dates[:_MOST_DATES]]
    if len(facts.dates) > len(lines):
        lines.append(f"… and {len(facts.dates) - len(lines)} more")
    return ["*What comes*", *lines] if lines else []

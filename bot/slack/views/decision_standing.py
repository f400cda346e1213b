"""The answers of `/cutover`: where it stands, what is missing, and how it is typed."""

from collections.abc import Sequence

from bot.domain.cutover_day import said_day
from bot.domain.decision import Decision
from bot.domain.decision_facts import evidence_line
from bot.domain.decision_standing import Standing
from bot.domain.playbook.document import Playbook
from bot.slack.blocks import MESSAGE_TEXT, Message, context, counted, escape, headline, section, sections


def usage(migrations: Sequence[str]) -> str:
    """How the command is typed."""
    known = ", ".join(migrations) or "none is loaded"
    return (
        "Type `/cutover &lt;migration&gt;` to see where it stands, "
        "`/cutover &lt;migration&gt; request [2026-12-05]` to ask for it on a day, "
        "`/cutover &lt;migration&gt; phase` to ask for the next phase, "
        f"`/cutover &lt;migration&gt; withdraw` to take it back. Migrations: {known}"
    )


def asked(decision: Decision, playbook: Playbook) -> str:
    """What came of a request."""
    on = f" on {said_day(decision.day)}" if decision.day else ""
    next_ = "the first question is" if decision.status == "asking" else "the approvers are asked"
    return f"Asked for the {escape(decision.what)}{on}: {next_} in {playbook.channels.approvals}."


def standing(found: Standing) -> Message:
    """What is open, or what is missing to ask for it; what was decided last; how to go on."""
    head = _head(found)
    migration, phase = found.playbook.migration, found.playbook.current_phase
    blocks = [headline(head), section(f"Phase “{escape(phase.named)}”")]
    if found.missing:
        blocks.extend(sections([f"• {escape(one, most=600)}" for one in found.missing]))
    if found.board is not None:
        line = evidence_line(found.board)
        gates = f"{line.passing} of {counted(line.gates, 'gate')} pass"
        blocks.append(context(f"{gates} (evidence `{line.digest[:8]}`)"))
    if found.last is not None:
        reason = f": {escape(found.last.reason, most=500)}" if found.last.reason else ""
        blocks.append(context(f"Last: {escape(found.last.what)}, {found.last.status}{reason}"))
    blocks.append(context(usage([migration])))
    return Message(text=escape(head, most=MESSAGE_TEXT), blocks=tuple(blocks))


def _head(found: Standing) -> str:
    if found.open is not None:
        stands = "its questions are being answered" if found.open.status == "asking" else found.open.count()
        on = f" on {said_day(found.open.day)}" if found.open.day else ""
        by = found.open.asked_by.name
        return f"⏳ The {found.open.what}{on} is to be decided, asked for by {by}: {stands}"
    if found.missing:
        return f"❌ The cutover of {found.playbook.migration} is not possible yet"
    return f"✅ The cutover of {found.playbook.migration} may be asked for"

"""A person's Home: what waits for them with its buttons, then every migration on a line."""

from bot.domain.messages.home import HomeFacts, MigrationLine, Place, WaitingLine
from bot.domain.messages.reconciliation import verdict_line
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    counted,
    divider,
    escape,
    headline,
    moment,
    section,
    sections,
)
from bot.slack.views.home_buttons import BUTTONS

# Slack takes 100 blocks; one that waits has two of them.
MOST_WAITING = 20
# Of the migrations' lines together.
MOST_TEXT = 12_000
_WHEN = "{date_short_pretty} {time}"


def home(facts: HomeFacts, *, workspace: str, warning: str = "") -> Block:
    """The whole view. `workspace` is the URL that links to messages begin with, empty while it is not known;
    `warning` (mrkdwn) is what became of the last press, where it was refused.
    """
    refresh = button("Refresh", action_id=ids.HOME_REFRESH, value="home")
    blocks = [
        *([section(warning)] if warning else []),
        *_waiting(facts, workspace),
        divider(),
        headline("Migrations" if facts.migrations else "No migration is loaded"),
        *sections([_migration(one, workspace) for one in facts.migrations], most=MOST_TEXT),
        actions([refresh], block_id="home"),
        context(f"As of {moment(facts.at, '{time_secs}')}. It is brought up to date when you open it."),
    ]
    return {"type": "home", "blocks": blocks}


def _waiting(facts: HomeFacts, workspace: str) -> list[Block]:
    count = len(facts.waiting)
    if count:
        head = f"⏳ {counted(count, 'thing')} {'waits' if count == 1 else 'wait'} for you"
    else:
        head = "❔ It is not known what waits for you" if facts.unknown else "✅ Nothing waits for you"
    blocks = [headline(head)]
    blocks += [section(f"❔ {escape(why, most=500)}") for why in facts.unknown[:3]]
    for number, line in enumerate(facts.waiting[:MOST_WAITING]):
        blocks += _item(line, number, facts, workspace)
    if count > MOST_WAITING:
        blocks.append(context(f"and {count - MOST_WAITING} more; these come first"))
    return blocks


def _item(line: WaitingLine, number: int, facts: HomeFacts, workspace: str) -> list[Block]:
    item = line.item
    late = item.due is not None and item.due < facts.at
    due = f" · {'due since' if late else 'until'} {moment(item.due, _WHEN)}" if item.due else ""
    link = f" · {_link(line.place, 'message', workspace)}" if line.place and workspace else ""
    detail = f"\n{escape(item.detail, most=600)}" if item.detail else ""
    text = f"*{escape(item.migration)}*: {escape(item.what, most=700)}{due}{link}{detail}"
    buttons = BUTTONS[item.kind](item)
    return [section(text), *([actions(buttons, block_id=f"waits:{number}")] if buttons else [])]


def _migration(one: MigrationLine, workspace: str) -> str:
    parts = [_phase(one), _reconciled(one), _gates(one), _incident(one, workspace)]
    return f"*{escape(one.migration)}* · {' · '.join(part for part in parts if part)}"


def _phase(one: MigrationLine) -> str:
    phase = escape(one.phase, most=150)
    if one.day is None:
        return phase
    of = f" of {one.of_days}" if one.of_days is not None else ""
    over = " (longer than planned)" if one.of_days is not None and one.day > one.of_days else ""
    return f"{phase}, day {one.day}{of}{over}"


def _reconciled(one: MigrationLine) -> str:
    if one.reconciled is None or one.reconciled_at is None:
        return "❔ never reconciled"
    verdict = verdict_line(one.migration, one.reconciled).replace(f" {one.migration}:", "", 1)
    clean = "" if one.clean_days is None else f", {counted(one.clean_days, 'clean day')} in a row"
    return f"{escape(verdict, most=400)} ({moment(one.reconciled_at, _WHEN)}){clean}"


def _gates(one: MigrationLine) -> str:
    if one.gates is None:
        return f"❔ {counted(one.declared_gates, 'gate')} not evaluated yet" if one.declared_gates else ""
    passing, of = one.gates
    when = f" ({moment(one.gates_at, _WHEN)})" if one.gates_at else ""
    return f"{'✅' if passing == of else '❌'} gates {passing} of {of}{when}"


def _incident(one: MigrationLine, workspace: str) -> str:
    incident = one.incident
    if incident is None:
        return ""
    text = f"{incident.severity or 'severity unknown'} incident open since"
    said = f"❌ {text} {moment(incident.opened_at, _WHEN)}"
    if incident.place and workspace:
        return f"{said} ({_link(incident.place, 'message', workspace)})"
    return said


def _link(place: Place, text: str, workspace: str) -> str:
    channel, ts = place
    return f"<{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}|{text}>"

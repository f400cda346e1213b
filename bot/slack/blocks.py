"""Block Kit pieces, kept inside Slack's limits (docs.slack.dev/reference/block-kit, November 2026)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

Block = dict[str, object]
Style = Literal["primary", "danger"]

SECTION_TEXT = 3000
BUTTON_TEXT = 75
PLAIN_TEXT = 150
MESSAGE_TEXT = 3500
OPTIONS = 100
# Slack refuses a message whose blocks together come to about 13,000 characters (msg_blocks_too_long;
# github.com/slackapi/bolt-js/issues/2509): what is listed in one has this many at most.
LISTED_TEXT = 6000
CELL_TEXT = 200
# In all cells of all tables of one message together.
TABLE_TEXT = 10_000


@dataclass(frozen=True)
class Message:
    """A message: blocks, the text that is read aloud, and plainer blocks if Slack refuses these.

    The text is escaped: Slack reads it as mrkdwn.
    """

    text: str
    blocks: tuple[Block, ...]
    plainer: tuple[Block, ...] = field(default=())


def escape(text: str, *, most: int | None = None) -> str:
    """Text that means only itself in mrkdwn: no mention, link or channel comes out of it.

    At most `most` characters once it is escaped, with an ellipsis where it was cut.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if most is None or len(escaped) <= most:
        return escaped
    whole, _, broken = (cut := escaped[: most - 1]).rpartition("&")
    return f"{cut if ';' in broken or '&' not in cut else whole}…"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def counted(count: int, noun: str) -> str:
    """`1 stage`, `8 stages`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def moment(at: datetime, form: str = "{time}") -> str:
    """A time in the reader's zone, by Slack's date format; UTC where it cannot be shown so."""
    return f"<!date^{int(at.timestamp())}^{form}|{at.astimezone(UTC):%H:%M} UTC>"


def code(text: str, limit: int = 300) -> str:
    """A command or request, exactly, on one line."""
    return f"`{escape(' '.join(text.replace('`', 'ˋ').split()) or ' ', most=limit)}`"


def section(text: str, *, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": clip(text, SECTION_TEXT)}}
    return block if block_id is None else {**block, "block_id": block_id}


def headline(text: str) -> Block:
    """The first line of a message: its answer."""
    return section(f"*{escape(text, most=400)}*")


def sections(*forms: Sequence[str], most: int = LISTED_TEXT) -> list[Block]:
    """Lines as paragraphs, none of them cut in two, with `most` characters altogether.

    Of several forms of the same lines, each shorter than the one before, the first that fits is taken;
    of the last one the end is folded where even that does not.
    """
    lines = next((form for form in forms if sum(map(len, form)) <= most), forms[-1])
    paragraphs: list[str] = []
    room = most
    for number, line in enumerate(lines):
        room -= len(line)
        if room < 0:
            paragraphs.append(f"… and {len(lines) - number} more")
            break
        if paragraphs and len(paragraphs[-1]) + 1 + len(line) <= SECTION_TEXT:
            paragraphs[-1] += f"\n{line}"
        else:
            paragraphs.append(line)
    return [section(paragraph) for paragraph in paragraphs]


def context(*texts: str) -> Block:
    """Small print; at most ten pieces."""
    elements = [{"type": "mrkdwn", "text": clip(text, 2000)} for text in texts[:10] if text]
    return {"type": "context", "elements": elements}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(text: str, *, action_id: str, value: str, style: Style | None = None) -> Block:
    """A button that says what it does."""
    block: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": clip(text, BUTTON_TEXT)},
        "action_id": action_id,
        "value": value,
    }
    return block if style is None else {**block, "style": style}


def actions(buttons: Sequence[Block], *, block_id: str) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(buttons)}


def text_input(
    *,
    block_id: str,
    label: str,
    multiline: bool = False,
    hint: str = "",
    placeholder: str = "",
    initial: str = "",
    optional: bool = False,
) -> Block:
    """A text that has to be typed, or may be left out; its action id is `typed`."""
    element: Block = {"type": "plain_text_input", "action_id": "typed", "multiline": multiline}
    element["max_length"] = 500
    if initial:
        element["initial_value"] = initial
    if placeholder:
        element["placeholder"] = {"type": "plain_text", "text": clip(placeholder, PLAIN_TEXT)}
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": clip(label, PLAIN_TEXT)},
        "element": element,
    }
    if optional:
        block["optional"] = True
    return {**block, "hint": {"type": "plain_text", "text": clip(hint, PLAIN_TEXT)}} if hint else block


def choice_input(
    *,
    block_id: str,
    label: str,
    options: Sequence[tuple[str, str]],
    initial: str = "",
    preselect: bool = True,
) -> Block:
    """A choice of (value, text); its action id is `chosen`.

    Preselected is `initial`, or the first one; nothing where a person has to make up their mind.
    """
    made = [
        {"text": {"type": "plain_text", "text": clip(text, 75)}, "value": value}
        for value, text in options[:OPTIONS]
    ]
    element: Block = {"type": "static_select", "action_id": "chosen", "options": made}
    if preselect:
        element["initial_option"] = next((one for one in made if one["value"] == initial), made[0])
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": clip(label, PLAIN_TEXT)},
        "element": element,
    }


def date_input(*, block_id: str, label: str, initial: date | None = None, optional: bool = False) -> Block:
    """A day that has to be chosen, or may be; its action id is `chosen`."""
    element: Block = {"type": "datepicker", "action_id": "chosen"}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": clip(label, PLAIN_TEXT)},
        "element": element,
    }
    return {**block, "optional": True} if optional else block


def person_input(*, block_id: str, label: str) -> Block:
    """A person who may be chosen; its action id is `chosen`."""
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": {"type": "plain_text", "text": clip(label, PLAIN_TEXT)},
        "element": {"type": "users_select", "action_id": "chosen"},
    }


def modal(
    *, callback_id: str, title: str, blocks: Sequence[Block], metadata: str, submit: str | None, close: str
) -> Block:
    """A modal. Title, submit and close have at most 24 characters."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": clip(title, 24)},
        "close": {"type": "plain_text", "text": clip(close, 24)},
        "blocks": list(blocks)[:100],
        "private_metadata": metadata,
    }
    return view if submit is None else {**view, "submit": {"type": "plain_text", "text": clip(submit, 24)}}


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), wrapped: int = 0) -> Block:
    """A table; the first row is its head.

    `right` are the columns aligned to the right, `wrapped` is the one whose texts may take several lines.
    Where there is too much text in it, the longest cells are cut.
    """
    columns = len(rows[0])
    longest = CELL_TEXT
    while sum(min(longest, len(cell)) or 1 for row in rows for cell in row) > TABLE_TEXT:
        longest //= 2
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if column in right else "left", "is_wrapped": column == wrapped}
            for column in range(columns)
        ],
        "rows": [[{"type": "raw_text", "text": clip(cell, longest) or " "} for cell in row] for row in rows],
    }

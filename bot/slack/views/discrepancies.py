"""Discrepancies as people read them: lines below a check, buttons below a message, and the list in pages."""

from collections.abc import Mapping, Sequence

from bot.domain.discrepancy import Discrepancy
from bot.domain.explanation import CATEGORIES, Ended, Explanation
from bot.domain.messages.discrepancies import CheckRegister
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    counted,
    escape,
    headline,
    moment,
    section,
)

# Five entries with their buttons stay below the 13,000 characters of a message's blocks.
PAGE = 5
_DAY = "{date_short_pretty}"
# What is said of a discrepancy, and what its button says.
SAYINGS = {"explain": "Explain…", "accept": "Accept…", "assign": "Assign…", "comment": "Comment…"}
_REOPEN = {"reopen": "Reopen…"}
_OVER: dict[Ended, str] = {
    "lapsed": "its time is over",
    "grew": "there was less of it then",
    "fixed": "it was fixed since",
    "reopened": "it was reopened",
    "replaced": "it was explained anew",
}


def discrepancy_lines(register: CheckRegister) -> list[str]:
    """What is known of a check's discrepancies, to stand below its line: counted, the first ones named."""
    if register.total == 1:
        (one,) = register.shown
        return [f"↳ {_about(one)}"]
    lines = [f"↳ {escape(one.title, most=80)}: {_about(one)}" for one in register.shown]
    rest = register.total - len(register.shown)
    return [f"↳ {register.counted()}", *lines, *([f"↳ … and {rest:,} more"] if rest else [])]


def discrepancy_buttons(migration: str, registers: Sequence[CheckRegister]) -> list[Block]:
    """The row of buttons of a message that tells of discrepancies; nothing where there is none."""
    total = sum(register.total for register in registers)
    if not total:
        return []
    says = [
        button(text, action_id=f"{ids.DISCREPANCIES}:{what}", value=migration)
        for what, text in SAYINGS.items()
    ]
    every = button(
        "List the discrepancy" if total == 1 else f"List all {total:,} discrepancies",
        action_id=f"{ids.DISCREPANCY_LIST}:open",
        value=str(ids.Shown(migration, 1)),
    )
    return [actions([*says, every], block_id="discrepancies")]


def discrepancy_list(
    migration: str, found: Sequence[Discrepancy], titles: Mapping[str, str], *, page: int = 1
) -> Message:
    """One page of the list, for a person alone. `titles` are the checks' by id; pages count from 1."""
    if not found:
        text = f"✅ {migration}: no discrepancy is known"
        return Message(text=escape(text), blocks=(headline(text),))
    pages = (len(found) - 1) // PAGE + 1
    page = min(max(page, 1), pages)
    waiting = sum(one.open for one in found)
    total = "1 discrepancy" if len(found) == 1 else f"{len(found):,} discrepancies"
    head = f"{'❌' if waiting else '✅'} {migration}: {total}, {waiting:,} of them without an explanation"
    blocks = [headline(head)]
    for one in found[(page - 1) * PAGE : page * PAGE]:
        blocks += _entry(one, titles.get(one.check, one.check))
    turns = [
        button(text, action_id=f"{ids.DISCREPANCY_LIST}:{way}", value=str(ids.Shown(migration, to)))
        for way, text, to in (("back", "Previous page", page - 1), ("on", "Next page", page + 1))
        if 1 <= to <= pages
    ]
    if turns:
        blocks += [actions(turns, block_id="pages"), context(f"Page {page} of {pages}")]
    return Message(text=escape(head), blocks=tuple(blocks))


def in_full(one: Discrepancy, title: str) -> str:
    """Everything about one: what it is, how it looked last, its state, owner and age."""
    days = counted(one.days, "day")
    seen = f"seen on {days}, first {moment(one.first_seen, _DAY)}, last {moment(one.last_seen, _DAY)}"
    head = f"*{escape(title, most=200)}: {escape(one.title, most=300)}*"
    return f"{head}\n{escape(one.text, most=300)} · {seen}\n{_about(one)}"


def _entry(one: Discrepancy, title: str) -> list[Block]:
    offered = SAYINGS if one.explanation is None else {**SAYINGS, **_REOPEN}
    shown = str(ids.Shown(one.id, one.version))
    buttons = [
        button(text, action_id=f"{ids.DISCREPANCY}:{what}", value=shown) for what, text in offered.items()
    ]
    return [section(in_full(one, title)), actions(buttons, block_id=one.id)]


def _about(one: Discrepancy) -> str:
    """State, category, owner and since when: `explained by Ana <day>: data mapping: …`."""
    parts = [_state(one)]
    if one.open and one.earlier is not None:
        parts.append(f"earlier {_said(one.earlier, one)}, {_OVER.get(one.earlier.ended, 'it is over')}")
    if one.owner is not None:
        unknown = not one.owner.role and one.owner.name == one.owner.id
        parts.append(f"owner {f'<@{one.owner.id}>' if unknown else escape(one.owner.name, most=100)}")
    return " · ".join(parts)


def _state(one: Discrepancy) -> str:
    if one.explanation is not None:
        return _said(one.explanation, one)
    if one.status == "fixed":
        return f"fixed {moment(one.changed_at, _DAY)}"
    since = moment(one.opened_at, _DAY)
    return f"came back {since}" if one.status == "came_back" else f"open since {since}, not explained"


def _said(said: Explanation, one: Discrepancy) -> str:
    category = f"{CATEGORIES[said.category]}: " if said.category else ""
    how = f"accepted until {said.until}" if said.until else "explained"
    then = f" (it was {escape(said.looked, most=80)} then)" if said.looked != one.text else ""
    who = f"by {escape(said.by.name, most=80)} {moment(said.at, _DAY)}"
    return f"{how} {who}: {category}{escape(said.text, most=200)}{then}"

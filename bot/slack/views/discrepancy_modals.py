"""Modals in which something is said of a discrepancy, or of all that a check found."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.discrepancy import STATUSES, Discrepancy
from bot.domain.explanation import CATEGORIES
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    OPTIONS,
    Block,
    choice_input,
    context,
    date_input,
    escape,
    modal,
    person_input,
    section,
    sections,
    text_input,
)
from bot.slack.views.discrepancies import in_full

ALL_OF = "all:"
"""What stands before a check's id where all that it found is chosen."""

_TITLES = {
    "explain": ("Explain", "Explain it"),
    "accept": ("Accept", "Accept it"),
    "assign": ("Assign", "Assign it"),
    "comment": ("Comment", "Comment"),
    "reopen": ("Reopen", "Reopen it"),
}
_HISTORY = 5
_USUAL = timedelta(days=14)


@dataclass(frozen=True)
class Offered:
    """What a modal is opened for: these discrepancies, of which one or all of a check are chosen.

    `titles` are those of the checks by id, `roles` those of the playbook, `history` what was said of the only
    one, a line each.
    """

    migration: str
    found: Sequence[Discrepancy]
    titles: Mapping[str, str]
    roles: Sequence[str]
    today: date
    explained_is_clean: bool
    history: Sequence[tuple[str, str]] = ()


def saying(what: str, offered: Offered) -> Block:
    """The modal for one of explain, accept, assign, comment and reopen."""
    only = offered.found[0] if len(offered.found) == 1 else None
    blocks = _which(what, offered) if only is None else _only(only, offered)
    blocks += _inputs(what, offered)
    title, submit = _TITLES[what]
    newest = max(one.changed_at for one in offered.found)
    bound = {"migration": offered.migration, "shown_at": newest.isoformat()}
    if only is not None:
        bound["one"] = str(ids.Shown(only.id, only.version))
    return modal(
        callback_id=f"{ids.DISCREPANCY_MODAL}:{what}",
        title=title,
        blocks=blocks,
        metadata=json.dumps(bound),
        submit=submit,
        close="Back",
    )


def _only(one: Discrepancy, offered: Offered) -> list[Block]:
    blocks = [section(in_full(one, offered.titles.get(one.check, one.check)))]
    if offered.history:
        told = [f"{escape(who, most=80)}: {escape(text, most=300)}" for who, text in offered.history]
        earlier = [f"… and {len(told) - _HISTORY} earlier"] if len(told) > _HISTORY else []
        blocks += sections([*earlier, *told[-_HISTORY:]])
    return blocks


def _which(what: str, offered: Offered) -> list[Block]:
    options = [*_whole_checks(offered)] if what not in ("comment", "reopen") else []
    each = [
        (str(ids.Shown(one.id, one.version)), _option(one, offered.titles.get(one.check, one.check)))
        for one in offered.found
    ]
    options = [*options, *each]
    # Who only presses the button says something of one, not of all that a check found.
    which = choice_input(block_id="which", label="Which discrepancy?", options=options, initial=each[0][0])
    blocks = [which]
    if len(options) > OPTIONS:
        more = len(options) - OPTIONS
        text = f"{more:,} more do not fit here: `/switchback discrepancies {offered.migration}` lists all."
        blocks.append(context(text))
    return blocks


def _whole_checks(offered: Offered) -> list[tuple[str, str]]:
    """The checks that have several open ones, each as a whole."""
    counts: dict[str, int] = {}
    for one in offered.found:
        counts[one.check] = counts.get(one.check, 0) + one.open
    return [
        (f"{ALL_OF}{check}", f"All {count:,} open of {offered.titles.get(check, check)}")
        for check, count in counts.items()
        if count > 1
    ]


def _option(one: Discrepancy, title: str) -> str:
    state = STATUSES[one.status]
    return f"{one.name} · {state} · {title}" if one.name else f"{title} · {state}"


def _inputs(what: str, offered: Offered) -> list[Block]:
    categories = list(CATEGORIES.items())
    if what == "assign":
        options = [("me", "Me"), *((role, f"The role {role}") for role in offered.roles)]
        person = person_input(block_id="person", label="Or a person")
        return [choice_input(block_id="to", label="To whom?", options=options), person]
    if what == "comment":
        return [text_input(block_id="text", label="Comment", multiline=True)]
    if what == "reopen":
        return [text_input(block_id="text", label="Reason", multiline=True)]
    category = choice_input(block_id="category", label="What is it?", options=categories)
    if what == "explain":
        return [
            category,
            text_input(block_id="text", label="Why is it there?", multiline=True),
            _counts(offered),
        ]
    until = date_input(block_id="until", label="Until the end of which day?", initial=offered.today + _USUAL)
    return [until, category, text_input(block_id="text", label="Reason", multiline=True), _counts(offered)]


def _counts(offered: Offered) -> Block:
    """What follows from it."""
    clean = (
        "The playbook says that a check whose discrepancies are all explained or accepted counts as clean."
    )
    not_clean = "It stays visible, and does not count as clean."
    return context(
        f"{clean if offered.explained_is_clean else not_clean} Your words are told in the channel."
    )

"""The buttons of each kind of thing that waits: those of its own message, which open the same modals."""

from collections.abc import Callable, Mapping

from bot.domain.waiting import WaitingItem, WaitingKind
from bot.slack import action_ids as ids
from bot.slack.blocks import Block, button


def _approve(item: WaitingItem) -> list[Block]:
    return [_press(item, f"Approve rollback of {item.migration}…", ids.APPROVE)]


def _done_by_hand(item: WaitingItem) -> list[Block]:
    return [_press(item, f"Done: {item.name}", f"{ids.STEP}:manual-done")]


def _look_only(_item: WaitingItem) -> list[Block]:
    """What is decided in its message, beside all that has to be known for it."""
    return []


def _review(item: WaitingItem) -> list[Block]:
    return [_press(item, "Review done…", ids.REVIEW_DONE)]


def _sign(item: WaitingItem) -> list[Block]:
    return [_press(item, f"Sign off as {item.name}…", f"{ids.REHEARSAL_SIGN}:{item.name}")]


def _follow_up(item: WaitingItem) -> list[Block]:
    return [
        _press(item, f"Done: {item.name}", ids.FOLLOW_UP_DONE),
        _press(item, "Move…", ids.FOLLOW_UP_MOVE),
    ]


def _decide(item: WaitingItem) -> list[Block]:
    return [
        _press(item, f"Approve {item.name}…", ids.DECISION_APPROVE),
        _press(item, "Reject…", ids.DECISION_REJECT),
        _press(item, "Evidence", ids.DECISION_EVIDENCE),
    ]


def _state(item: WaitingItem) -> list[Block]:
    return [button(item.name, action_id=ids.STATEMENT, value=item.id)]


def _assess(item: WaitingItem) -> list[Block]:
    return [_press(item, "Assess the cutover…", ids.ASSESS)]


BUTTONS: Mapping[WaitingKind, Callable[[WaitingItem], list[Block]]] = {
    "start-request": _approve,
    "step": _done_by_hand,
    "question": _look_only,
    "review": _review,
    "rehearsal": _sign,
    "follow-up": _follow_up,
    "decision": _decide,
    "statement": _state,
    "assessment": _assess,
}


def _press(item: WaitingItem, text: str, action_id: str) -> Block:
    return button(text, action_id=action_id, value=str(ids.Shown(item.id, item.version, item.step)))

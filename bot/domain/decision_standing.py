"""Where a cutover stands, for somebody who asks."""

from dataclasses import dataclass

from bot.domain.decision import Decision
from bot.domain.gates.board import Board
from bot.domain.playbook.document import Playbook


@dataclass(frozen=True)
class Standing:
    """Where it stands. `board` is the evidence as it was evaluated now; None while a decision is open.

    `missing` says what keeps the cutover from being asked for; empty where it may be.
    """

    playbook: Playbook
    open: Decision | None
    last: Decision | None
    board: Board | None
    missing: tuple[str, ...]

"""What a run is for, in words: a rollback, the cutover, or a move to another phase."""

from typing import Literal

Purpose = Literal["rollback", "cutover", "phase", "back"]
"""`phase` goes forward to a phase, `back` to the one before."""
FORWARD: tuple[Purpose, ...] = ("cutover", "phase")
"""What a rollback comes before: such a run gives way to it."""

_NOUNS: dict[Purpose, str] = {"rollback": "rollback", "cutover": "cutover", "phase": "move", "back": "move"}


def noun(purpose: Purpose) -> str:
    """One word for it: rollback, cutover or move."""
    return _NOUNS[purpose]


def described(purpose: Purpose, to_phase: str) -> str:
    """`rollback`, `cutover`, `move to pilot`, `move back to shadow`; `move back` where nothing is left."""
    if purpose not in ("phase", "back"):
        return noun(purpose)
    way = "move back" if purpose == "back" else "move"
    return f"{way} to {to_phase}" if to_phase else way


def in_its_place(purpose: Purpose) -> Purpose:
    """What the run of another plan is for that goes on in the place of one: a way back, of one that went
    forward."""
    instead: dict[Purpose, Purpose] = {"cutover": "rollback", "phase": "back"}
    return instead.get(purpose, purpose)

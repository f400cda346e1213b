"""What an action says of itself: its preview, its outcome, and whether it has been done."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True)
class Evidence:
    """A named piece of evidence, such as an exit status, a response or an excerpt (text, bounded)."""

    name: str
    text: str


@dataclass(frozen=True)
class Preview:
    """What a step would do. No effects were had to find it out.

    `effect` says it in words, `exact` is the command or request as it will be sent.
    `ready` is whether what it needs is reachable and permitted; `problem` says what is missing.
    """

    effect: str
    exact: str
    ready: bool = True
    problem: str = ""


@dataclass(frozen=True)
class Outcome:
    """How an act ended. `unknown` is for what may or may not have happened."""

    status: Literal["succeeded", "failed", "unknown"]
    summary: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Probe:
    """Whether the effect of a step is there already."""

    done: Literal["yes", "no", "unknown"]
    summary: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Nature:
    """What an action with given parameters is like.

    `idempotent`: done twice is the same as done once. `longest`: the most it takes by itself,
    None when the step's own limit decides. `secrets`: names of the settings it reads.
    """

    idempotent: bool
    longest: timedelta | None = None
    secrets: tuple[str, ...] = ()

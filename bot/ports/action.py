"""The contract of an adapter: what a step does to the world."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

import aiohttp
from pydantic import BaseModel, ConfigDict, JsonValue

from bot.ports.outcome import Nature, Outcome, Preview, Probe


class Parameters(BaseModel):
    """Parameters of an adapter: frozen, unknown keys are errors.

    `open_to_inputs` names those, as a playbook writes them, in whose texts what a person types may stand.
    None of them may be read as code: as a statement, a program, or something for a shell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    open_to_inputs: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def closed_to_inputs(
        cls,
        path: tuple[str | int, ...],
        given: Mapping[str, JsonValue],  # noqa: ARG003
    ) -> str:
        """Why an input may not stand at this path of the given parameters; empty where it may."""
        if path[0] in cls.open_to_inputs:
            return ""
        where = ", ".join(sorted(cls.open_to_inputs)) or "no parameter of this kind"
        return f"what is typed may only stand in: {where}"


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True)
class ActionContext:
    """What an act gets beside its parameters.

    `folder` is the playbook's folder: relative paths count from it. `seconds` is how long the act
    may take. `nonce` is new for each attempt, which `attempt` counts from 1. `cancelled` is set when the
    act shall stop.
    `secret` gives the value of a named setting, and raises SettingsError when it is missing.
    `session` is the one HTTP session of the process. `since` is when the migration was cut over, where
    it was.
    """

    run_id: str
    step_id: str
    nonce: str
    folder: Path
    seconds: float
    cancelled: asyncio.Event
    secret: Callable[[str], str]
    session: aiohttp.ClientSession
    attempt: int = 1
    since: datetime | None = None


class Action(ABC, Generic[P]):
    """An adapter. One instance serves all steps of its kind and keeps no state of them."""

    kind: ClassVar[str]
    parameters: ClassVar[type[Parameters]]

    @abstractmethod
    def nature(self, parameters: P) -> Nature:
        """Whether it is idempotent, its longest duration, and the secrets it needs."""

    @abstractmethod
    async def preview(self, parameters: P, context: ActionContext) -> Preview:
        """What it would do, in words and exactly; reachability and permission checked; no effects."""

    @abstractmethod
    async def act(self, parameters: P, context: ActionContext) -> Outcome:
        """Do it. Ends within `context.seconds`, and soon after `context.cancelled` is set."""

    @abstractmethod
    async def probe(self, parameters: P, context: ActionContext) -> Probe:
        """Whether it has been done; no effects."""

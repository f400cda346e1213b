"""The contract of an adapter: what a step does to the world."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

import aiohttp
from pydantic import BaseModel, ConfigDict

from bot.ports.outcome import Nature, Outcome, Preview, Probe


class Parameters(BaseModel):
    """Parameters of an adapter: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True)
class ActionContext:
    """What an act gets beside its parameters.

    `folder` is the playbook's folder: relative paths count from it. `seconds` is how long the act
    may take. `nonce` is new for each attempt, which `attempt` counts from 1. `cancelled` is set when the
    act shall stop.
    `secret` gives the value of a named setting, and raises SettingsError when it is missing.
    `session` is the one HTTP session of the process.
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

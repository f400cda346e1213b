"""One adapter with a world of its own, and a witness outside of the adapter."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from bot.domain.errors import SettingsError
from bot.ports.action import Action, ActionContext
from bot.ports.outcome import Outcome, Preview, Probe

Given = Mapping[str, object]


@dataclass(frozen=True)
class Case:
    """`once` has an effect that `effects` counts and `state` shows; it uses every secret.

    `again` is idempotent; `slow` does not end by itself, and `under_way` tells that it has begun.
    """

    action: Action[Any]
    folder: Path
    session: aiohttp.ClientSession
    once: Given
    again: Given
    slow: Given
    effects: Callable[[], int]
    state: Callable[[], object]
    under_way: Callable[[], bool]
    secrets: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None
    run_id: str = field(default_factory=lambda: uuid4().hex)

    def context(
        self,
        *,
        seconds: float = 10,
        cancelled: asyncio.Event | None = None,
        nonce: str = "n1",
        attempt: int = 1,
    ) -> ActionContext:
        return ActionContext(
            run_id=self.run_id,
            step_id="step-1",
            nonce=nonce,
            folder=self.folder,
            seconds=seconds,
            cancelled=cancelled or asyncio.Event(),
            secret=self.secret,
            session=self.session,
            attempt=attempt,
            since=self.since,
        )

    def secret(self, name: str) -> str:
        if name not in self.secrets:
            raise SettingsError(f"{name} is not set", do="Set it")
        return self.secrets[name]

    async def preview(self, given: Given, context: ActionContext | None = None) -> Preview:
        parameters = self.action.parameters.model_validate(dict(given))
        return await self.action.preview(parameters, context or self.context())

    async def act(self, given: Given, context: ActionContext | None = None) -> Outcome:
        parameters = self.action.parameters.model_validate(dict(given))
        return await self.action.act(parameters, context or self.context())

    async def probe(self, given: Given, context: ActionContext | None = None) -> Probe:
        parameters = self.action.parameters.model_validate(dict(given))
        return await self.action.probe(parameters, context or self.context())


async def until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for something outside to become true; TimeoutError when it does not."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.to_thread(lambda: None)


@asynccontextmanager
async def http_session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session

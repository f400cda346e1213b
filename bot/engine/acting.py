"""Calls an adapter for a step: with its parameters, its limit, and the means it may use."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import aiohttp
import structlog
from pydantic import ValidationError

from bot.domain.errors import UnknownNameError
from bot.domain.playbook.plans import Step
from bot.engine import own_steps
from bot.engine.registry import ActionRegistry
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Nature, Outcome, Preview, Probe

# What an adapter gets beyond its limit to end by itself before it is given up.
GRACE_SECONDS = 5.0
PROBE_SECONDS = 10.0

log = structlog.get_logger()


class Acting:
    """Previews, acts and probes through the adapters. An adapter that breaks is an unknown outcome."""

    def __init__(
        self,
        *,
        registry: ActionRegistry,
        secret: Callable[[str], str],
        session: aiohttp.ClientSession,
    ) -> None:
        self._registry = registry
        self._secret = secret
        self._session = session

    def nature(self, step: Step) -> Nature:
        """What the step's action is like with its parameters."""
        action, parameters = self._bound(step)
        return action.nature(parameters)

    def is_idempotent(self, step: Step) -> bool:
        """Whether done twice is the same as done once; not, when nobody can say so any more."""
        try:
            return self.nature(step).idempotent
        except (UnknownNameError, ValidationError):
            return False

    async def preview(
        self, step: Step, *, folder: Path, run_id: str, since: datetime | None = None
    ) -> Preview:
        """What the step would do in the run of that id, of a migration that was cut over at a time; a preview
        that breaks is one that is not ready."""
        if step.uses in own_steps.OWN_STEPS:
            return own_steps.preview(step)
        context = self._context(
            step, folder=folder, run_id=run_id, nonce="", seconds=PROBE_SECONDS, since=since
        )
        try:
            action, parameters = self._bound(step)
            async with asyncio.timeout(PROBE_SECONDS + GRACE_SECONDS):
                return await action.preview(parameters, context)
        except Exception as error:
            log.exception("action.preview_failed", step=step.id, kind=step.uses)
            problem = _described(step, error)
            return Preview(effect=step.title, exact=step.uses, ready=False, problem=problem)

    async def act(
        self,
        step: Step,
        *,
        folder: Path,
        run_id: str,
        nonce: str,
        attempt: int,
        cancelled: asyncio.Event,
        since: datetime | None = None,
    ) -> Outcome:
        """Do it, within the step's limit. What cannot be called has failed: nothing was done."""
        try:
            action, parameters = self._bound(step)
        except (UnknownNameError, ValidationError) as error:
            log.exception("action.not_callable", step=step.id, kind=step.uses)
            return Outcome("failed", f"nothing was done: {_described(step, error)}")
        seconds = step.limit_seconds
        context = self._context(
            step,
            folder=folder,
            run_id=run_id,
            nonce=nonce,
            seconds=seconds,
            cancelled=cancelled,
            attempt=attempt,
            since=since,
        )
        try:
            async with asyncio.timeout(seconds + GRACE_SECONDS):
                return await action.act(parameters, context)
        except TimeoutError:
            return Outcome("unknown", f"did not end within its {seconds:g} s and could not be stopped")
        except Exception as error:
            log.exception("action.failed", step=step.id, kind=step.uses)
            return Outcome("unknown", _described(step, error))

    async def probe(
        self, step: Step, *, folder: Path, run_id: str, nonce: str, since: datetime | None = None
    ) -> Probe:
        """Whether it has been done; a probe that breaks does not know."""
        context = self._context(
            step, folder=folder, run_id=run_id, nonce=nonce, seconds=PROBE_SECONDS, since=since
        )
        try:
            action, parameters = self._bound(step)
            async with asyncio.timeout(PROBE_SECONDS + GRACE_SECONDS):
                return await action.probe(parameters, context)
        except Exception as error:
            log.exception("action.probe_failed", step=step.id, kind=step.uses)
            return Probe("unknown", _described(step, error))

    def _bound(self, step: Step) -> tuple[Action[Parameters], Parameters]:
        action = self._registry.get(step.uses)
        return action, action.parameters.model_validate(step.with_)

    def _context(
        self,
        step: Step,
        *,
        folder: Path,
        run_id: str,
        nonce: str,
        seconds: float,
        cancelled: asyncio.Event | None = None,
        attempt: int = 1,
        since: datetime | None = None,
    ) -> ActionContext:
        return ActionContext(
            run_id=run_id,
            step_id=step.id,
            nonce=nonce,
            folder=folder,
            seconds=seconds,
            cancelled=cancelled or asyncio.Event(),
            secret=self._secret,
            session=self._session,
            attempt=attempt,
            since=since,
        )


def _described(step: Step, error: Exception) -> str:
    if isinstance(error, UnknownNameError):
        return f"there is no adapter {step.uses} any more"
    if isinstance(error, ValidationError):
        return f"the adapter {step.uses} does not take the step's parameters"
    return f"the adapter {step.uses} broke: {type(error).__name__}"

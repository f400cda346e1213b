"""An action in memory: its effect is an entry of a list."""

import asyncio
from typing import ClassVar

from bot.domain.errors import SettingsError
from bot.domain.playbook.part import FromEnvironment
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Evidence, Nature, Outcome, Preview, Probe


class FakeParameters(Parameters):
    """`value` is what it adds; `hangs` makes it wait for its end from outside."""

    value: str
    token: FromEnvironment | None = None
    hangs: bool = False
    idempotent: bool = False


class FakeAction(Action[FakeParameters]):
    """Adds a value to `effects`; when idempotent, only one that is not there."""

    kind: ClassVar[str] = "fake"
    parameters: ClassVar[type[Parameters]] = FakeParameters

    def __init__(self) -> None:
        self.effects: list[str] = []
        self.waiting = 0

    def nature(self, parameters: FakeParameters) -> Nature:
        """As declared."""
        return Nature(parameters.idempotent, secrets=(parameters.token.env,) if parameters.token else ())

    async def preview(self, parameters: FakeParameters, context: ActionContext) -> Preview:
        """The value it would add."""
        problem = _missing(parameters, context)
        return Preview("Adds a value", f"add {parameters.value}", ready=not problem, problem=problem)

    async def act(self, parameters: FakeParameters, context: ActionContext) -> Outcome:
        """Add it, or wait for the end."""
        problem = _missing(parameters, context)
        if problem or context.cancelled.is_set():
            return Outcome("failed", problem or "It was cancelled before it started")
        if parameters.hangs:
            self.waiting += 1
            try:
                await asyncio.wait_for(context.cancelled.wait(), timeout=context.seconds * 0.8)
            except TimeoutError:
                return Outcome("failed", "The time allowed was over; nothing was added")
            return Outcome("failed", "It was cancelled; nothing was added")
        if not (parameters.idempotent and parameters.value in self.effects):
            self.effects.append(parameters.value)
        return Outcome("succeeded", "Added", (Evidence("value", parameters.value),))

    async def probe(self, parameters: FakeParameters, context: ActionContext) -> Probe:
        """Whether it is there."""
        return Probe("yes" if parameters.value in self.effects else "no", "Looked into the list")


def _missing(parameters: FakeParameters, context: ActionContext) -> str:
    try:
        if parameters.token:
            context.secret(parameters.token.env)
    except SettingsError as error:
        return str(error)
    return ""

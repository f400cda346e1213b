"""An action that does what a test wrote down for it, and a ledger of what it did."""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Evidence, Nature, Outcome, Preview, Probe

DONE = Outcome("succeeded", "done", (Evidence("exit", "0"),))


class ScriptedParameters(Parameters):
    """`value` is what its script and its entries in the ledger go by."""

    value: str
    idempotent: bool = False


@dataclass(frozen=True)
class Acted:
    """One act: the world has it, whatever the database says."""

    value: str
    nonce: str


class ScriptedAction(Action[ScriptedParameters]):
    """Plays scripts by value; what has none succeeds, and is probed by the ledger.

    `ledger` is kept outside the database: it is the witness of what was really done.
    `during` is called in the middle of each act, after its entry in the ledger; `before_preview`
    once, before the next preview.
    """

    kind: ClassVar[str] = "scripted"
    parameters: ClassVar[type[Parameters]] = ScriptedParameters

    def __init__(self) -> None:
        self.ledger: list[Acted] = []
        self.contexts: list[ActionContext] = []
        self.previewed: list[str] = []
        self.outcomes: defaultdict[str, deque[Outcome | Exception]] = defaultdict(deque)
        self.probes: defaultdict[str, deque[Probe | Exception]] = defaultdict(deque)
        self.previews: dict[str, Preview] = {}
        self.during: Callable[[str], Awaitable[None]] | None = None
        self.before_preview: Callable[[], Awaitable[None]] | None = None

    @property
    def acts(self) -> list[str]:
        """What was done, in order."""
        return [acted.value for acted in self.ledger]

    def nature(self, parameters: ScriptedParameters) -> Nature:
        """As declared."""
        return Nature(parameters.idempotent)

    async def preview(self, parameters: ScriptedParameters, context: ActionContext) -> Preview:
        """As written down, or ready."""
        self.previewed.append(parameters.value)
        interrupt, self.before_preview = self.before_preview, None
        if interrupt is not None:
            await interrupt()
        ready = Preview(effect=f"Does {parameters.value}", exact=f"do {parameters.value}")
        return self.previews.get(parameters.value, ready)

    async def act(self, parameters: ScriptedParameters, context: ActionContext) -> Outcome:
        """Note it, and end as written down."""
        self.ledger.append(Acted(parameters.value, context.nonce))
        self.contexts.append(context)
        if self.during is not None:
            await self.during(parameters.value)
        script = self.outcomes[parameters.value]
        ending = script.popleft() if script else DONE
        if isinstance(ending, Exception):
            raise ending
        return ending

    async def probe(self, parameters: ScriptedParameters, context: ActionContext) -> Probe:
        """As written down, or what the ledger says."""
        script = self.probes[parameters.value]
        if not script:
            done = parameters.value in self.acts
            return Probe("yes" if done else "no", "looked into the ledger")
        answer = script.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer

"""The people of the chaos: they start rollbacks, press “Done”, and answer what the bot asks them.

Before they answer a question they look at the ledger, as a person would look at the real system: what
is there is marked as done; what is not there, and has no command that still runs, is run again.
"""

import asyncio
import random

import aiohttp

from benchmarks.bot_under_test import BotUnderTest
from benchmarks.chaos_ledger import Ledger
from benchmarks.chaos_plan import MANUAL, PLAN
from benchmarks.chaos_records import ChaosRecords, RecordedStep
from benchmarks.prepared_runs import prepare
from benchmarks.signed_load import WrongAnswerError
from benchmarks.signed_person import SignedPerson
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.step_decision import StepDecision
from bot.services.services import Services
from bot.slack.action_ids import Shown

_LOOK_SECONDS = 0.05
# No bot answered, it refused, or what was to be decided had been decided meanwhile.
_NOT_DONE = (aiohttp.ClientError, TimeoutError, WrongAnswerError, RefusedError, SupersededError)
_SEEN = "I looked at the ledger: it is there"


class People:
    """Everybody who has to do with the runs of one set-up. `asked` counts the questions they got."""

    def __init__(
        self,
        *,
        person: SignedPerson,
        bots: tuple[BotUnderTest, ...],
        services: Services,
        records: ChaosRecords,
        ledger: Ledger,
        chance: random.Random,
    ) -> None:
        self._person = person
        self._bots = bots
        self._services = services
        self._records = records
        self._ledger = ledger
        self._chance = chance
        self._asked: set[tuple[str, str, int]] = set()

    @property
    def asked(self) -> int:
        """How many questions came up."""
        return len(self._asked)

    async def roll_back(self, environment: str, over: asyncio.Event) -> None:
        """One rollback of an environment after the other, until it is over.

        A confirmation that was not acknowledged, or came too late for its preview, is given again if
        there is no run: so does a person who reads the message as it stands.
        """
        while not over.is_set():
            if environment in self._records.active_environments():
                await asyncio.sleep(_LOOK_SECONDS)
                continue
            try:
                confirmation = await prepare(self._services, environment=environment, plan=PLAN)
                await self._person.confirm(self._bot().url, confirmation)
            except _NOT_DONE:
                await asyncio.sleep(_LOOK_SECONDS)

    async def answer(self) -> None:
        """Press what there is to be pressed, for ever."""
        while True:
            await asyncio.sleep(self._chance.uniform(_LOOK_SECONDS, 4 * _LOOK_SECONDS))
            for step in self._records.steps(active=True):
                if step.step == MANUAL and step.status == "waiting":
                    await self._decide(step, "manual-done")
                elif step.status in ("unknown", "failed"):
                    self._asked.add((step.run, step.step, step.attempt))
                    await self._look_and_decide(step)

    async def _look_and_decide(self, step: RecordedStep) -> None:
        if not self._ledger.settled(step.run, step.step):
            return
        if not self._ledger.done()[step.run, step.step]:
            await self._decide(step, "retry")
        elif step.status == "unknown":
            await self._decide(step, "mark-done", _SEEN)
        else:
            await self._decide(step, "skip", _SEEN)

    async def _decide(self, step: RecordedStep, decision: StepDecision, reason: str = "") -> None:
        shown = Shown(step.run, step.attempt, step.step)
        try:
            await self._person.decide(self._bot().url, shown, decision, reason)
        except _NOT_DONE:
            # Slack tells the person that it did not work; they look again and press again.
            return

    def _bot(self) -> BotUnderTest:
        """Where a proxy would send a press now."""
        able = [bot for bot in self._bots if bot.runs and not bot.frozen]
        return self._chance.choice(able or self._bots)

"""What is decided about a verdict at the terminal: confirm it, close, go back, or decide otherwise."""

from collections.abc import Callable, Mapping

from bot.app import Switchback
from bot.domain.errors import RefusedError
from bot.domain.playbook.document import Playbook
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.walk import Walk
from bot.services.confirmation import Confirmation
from bot.terminal.account import account
from bot.terminal.beats import a_bot_runs
from bot.terminal.keyboard import BACK, LEAVE, Keyboard
from bot.terminal.walk_words import verdict_lines


class Deciding:
    """Shows a verdict and takes what is decided.

    `drive` is whether this process is to drive the run; without a bot nothing is confirmed before that is
    settled, or a rollback would begin by itself hours later, when a bot comes back.
    """

    def __init__(
        self,
        switchback: Switchback,
        playbook: Playbook,
        *,
        confirm: str | None,
        inputs: Mapping[str, str],
        drive: bool,
        say: Callable[[str], None],
        keyboard: Keyboard | None,
    ) -> None:
        self.drive = drive
        self._switchback = switchback
        self._walks = switchback.services.walks
        self._playbook = playbook
        self._confirm = confirm
        self._inputs = dict(inputs)
        self._say = say
        self._keyboard = keyboard

    async def decide(self, walk: Walk, preview: PlanPreview | None) -> Walk | Run | None:
        """The run that was started, or the walk after the decision; None when it is left as it is."""
        for line in verdict_lines(self._playbook, walk, preview):
            self._say(line)
        confirm, self._confirm = self._confirm, None
        if preview is not None and confirm is not None:
            return await self._confirmed(walk, preview, confirm)
        watches = walk.verdict(self._playbook).plan is None
        if self._keyboard is None:
            how = (
                "a person at a terminal, or in Slack"
                if watches
                else f"--confirm {walk.migration}, or in Slack"
            )
            self._say(f"It waits for a decision: {how}")
            return None
        first = "c close: keep watching" if watches else f"type {walk.migration} to roll back"
        typed = await self._keyboard.ask(f"{first} · b back · o decide otherwise · q leave it:")
        return await self._typed(walk, preview, typed, self._keyboard)

    async def _typed(
        self, walk: Walk, preview: PlanPreview | None, typed: str, keyboard: Keyboard
    ) -> Walk | Run | None:
        if typed == LEAVE:
            return None
        if typed == BACK:
            return await self._walks.step_back(walk.id, version=walk.version, actor=account())
        if typed == "o":
            return await self._overruled(walk, keyboard)
        if preview is not None:
            return await self._confirmed(walk, preview, typed)
        if typed != "c":
            raise RefusedError(f"“{typed}” is none of these")
        return await self._walks.close(walk.id, version=walk.version, actor=account())

    async def _confirmed(self, walk: Walk, preview: PlanPreview, typed: str) -> Run | None:
        """The run. Where others have to approve, the service refuses, and says where they do it."""
        if not self.drive and not await self._would_be_driven():
            return None
        if self._keyboard is not None:
            for one in preview.inputs:
                if one.id not in self._inputs:
                    asked = f"{one.title} ({one.wanted}{', ' + one.default if one.default else ''}):"
                    self._inputs[one.id] = await self._keyboard.ask(asked)
        confirmation = Confirmation(
            walk_id=walk.id,
            preview_id=preview.id,
            digest=preview.digest(),
            typed=typed,
            inputs=self._inputs,
        )
        return await self._switchback.services.confirmation.confirm(confirmation, actor=account())

    async def _would_be_driven(self) -> bool:
        """Whether a bot runs, or this process is to drive it, which is asked where somebody can be."""
        if await a_bot_runs(store=self._switchback.store, clock=self._switchback.clock):
            return True
        if self._keyboard is None:
            raise RefusedError(
                "No bot is running, so nothing would drive the rollback",
                do="Start one, or repeat this with --drive to drive it from here",
            )
        asked = "No bot is running. Drive the rollback from this terminal, which then has to stay? y/N:"
        self.drive = (await self._keyboard.ask(asked)).lower() == "y"
        return self.drive

    async def _overruled(self, walk: Walk, keyboard: Keyboard) -> Walk:
        plans = dict(enumerate(self._playbook.plans.items(), 1))
        self._say("  0. Keep watching")
        for number, (plan_id, plan) in plans.items():
            self._say(f"  {number}. {plan.title} ({plan_id})")
        typed = await keyboard.ask(f"0-{len(plans)} · anything else: do nothing:")
        chosen = {"0": None, **{str(number): plan_id for number, (plan_id, _) in plans.items()}}
        reason = await keyboard.reason() if typed in chosen else None
        if reason is None:
            return walk
        return await self._walks.overrule(
            walk.id, version=walk.version, plan=chosen[typed], reason=reason, actor=account()
        )

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
from bot.terminal.keyboard import BACK, LEAVE, Keyboard
from bot.terminal.walk_words import verdict_lines
from bot.terminal.who_drives import WhoDrives


class Deciding:
    """Shows a verdict and takes what is decided."""

    def __init__(
        self,
        switchback: Switchback,
        playbook: Playbook,
        *,
        confirm: str | None,
        inputs: Mapping[str, str],
        who_drives: WhoDrives,
        say: Callable[[str], None],
        keyboard: Keyboard | None,
    ) -> None:
        self._who_drives = who_drives
        self._actor = account(switchback.services.catalog, playbook.migration)
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
            return await self._walks.step_back(walk.id, version=walk.version, actor=self._actor)
        if typed == "o":
            return await self._overruled(walk, keyboard)
        if preview is not None:
            return await self._confirmed(walk, preview, typed)
        if typed != "c":
            raise RefusedError(f"“{typed}” is none of these")
        return await self._walks.close(walk.id, version=walk.version, actor=self._actor)

    async def _confirmed(self, walk: Walk, preview: PlanPreview, typed: str) -> Walk | Run | None:
        """The run, or the walk with the request where others have to approve it."""
        if not await self._who_drives.settled():
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
        confirmed = await self._switchback.services.confirmation.submit(confirmation, actor=self._actor)
        return confirmed if isinstance(confirmed, Run) else await self._walks.get(walk.id)

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
            walk.id, version=walk.version, plan=chosen[typed], reason=reason, actor=self._actor
        )

"""Drives a run in this process, so that a rollback can be done with Slack and the bot both away.

It beats as a replica does: a bot that comes back leaves it the run, and takes the run over when this
process has died. What a bot that died was driving is taken over here in the same way.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.app import Switchback
from bot.domain.errors import StoreError, SwitchbackError
from bot.domain.messages.run import StepLine
from bot.domain.moves import can_go_on
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.domain.step_decision import NEEDS_REASON, StepDecision
from bot.engine.replicas import Replicas
from bot.terminal.account import account
from bot.terminal.beats import POLL_SECONDS
from bot.terminal.following import Following, at_rest
from bot.terminal.keyboard import LEAVE, Keyboard
from bot.terminal.questions import open_questions, question

_KEYS: dict[str, StepDecision] = {"": "manual-done", "r": "retry", "s": "skip", "d": "mark-done"}
_WAYS = {
    "waiting": "Enter when it is done · s skip · a abort the rollback · q leave:",
    "failed": "r run it again · s skip · d mark it as done · a abort the rollback · q leave:",
    "unknown": "d mark it as done · r run it again · s skip · a abort the rollback · q leave:",
}
_PAUSED = "g go on · a abort the rollback · q leave:"


class Driver:
    """Drives one run until it is over, or waits for somebody who is not at this keyboard."""

    def __init__(
        self,
        switchback: Switchback,
        following: Following,
        *,
        say: Callable[[str], None],
        keyboard: Keyboard | None,
    ) -> None:
        self._steering = switchback.services.steering
        self._switchback = switchback
        self._following = following
        self._say = say
        self._keyboard = keyboard
        self._asked: object = None
        self._leaving = False
        self._driving: asyncio.Task[None] | None = None

    async def until_rest(self) -> Run:
        """Drive, and ask at the keyboard what the run asks. Raises StoreError."""
        async with self._beating():
            try:
                return await self._until_rest()
            except asyncio.CancelledError:
                self._say(
                    "\nThis terminal drives it no more. What acted is looked into when it is driven again."
                )
                raise
            finally:
                if self._driving is not None:
                    self._driving.cancel()
                    await asyncio.gather(self._driving, return_exceptions=True)

    async def _until_rest(self) -> Run:
        clock, replica = self._switchback.clock, self._switchback.settings.replica
        while True:
            run = await self._following.look()
            if self._driving is not None and self._driving.done():
                self._driving.result()
                self._driving = None
            now = clock.now()
            acts = await self._gives_way_to(run) if run.status == "queued" else run
            ours = self._driving is None and acts.driver in ("", replica) and not self._leaving
            if ours and acts.active and can_go_on(acts, now):
                self._driving = asyncio.create_task(self._switchback.interpreter.drive(acts.id))
            elif self._driving is None and at_rest(run, now) and (run.over or self._keyboard is None):
                return run
            if self._keyboard is not None and await self._left(run, self._keyboard):
                return run
            await clock.sleep(POLL_SECONDS)

    async def _gives_way_to(self, run: Run) -> Run:
        """The run whose step still acts before this one begins; this one when it has just ended."""
        async with self._switchback.store.reading() as tx:
            active = await tx.runs.active(run.migration, run.environment)
        return next((one for one in active if one.replaced_by == run.id), run)

    async def _left(self, run: Run, keyboard: Keyboard) -> bool:
        """Ask what the run asks, once, and see what was typed; whether somebody leaves it so."""
        if self._leaving:
            # What acts is brought to its end first.
            return self._driving is None
        steps = open_questions(run, self._switchback.clock.now()) if run.active else ()
        step = steps[0] if steps else None
        asked = (run.id, run.status == "paused", step and (step.id, step.attempt))
        if run.status in ("done", "aborted", "aborting") or (step is None and run.status != "paused"):
            self._asked = None
            return False
        if asked != self._asked:
            self._asked = asked
            if step is not None:
                self._say(question(step))
            keyboard.prompt(_PAUSED if step is None else _WAYS[step.status])
            return False
        typed = keyboard.typed()
        if typed is None:
            return False
        # Whatever comes of it, what is open then is asked anew.
        self._asked = None
        if typed == LEAVE:
            self._leaving = True
            return False
        try:
            await self._decide(run, step, typed, keyboard)
        except StoreError:
            raise
        except SwitchbackError as error:
            self._say(str(error))
        return False

    async def _decide(self, run: Run, step: StepLine | None, typed: str, keyboard: Keyboard) -> None:
        decision = _KEYS.get(typed) if step is not None else None
        if typed == "g" and run.status == "paused":
            await self._steering.resume(run.id, actor=self._actor(run))
            return
        takes_reason = typed == "a" or decision in NEEDS_REASON
        reason = await keyboard.reason() if takes_reason else ""
        if reason is None:
            return
        if typed == "a":
            await self._steering.abort(run.id, reason=reason, actor=self._actor(run))
        elif step is not None and decision is not None:
            await self._steering.decide(
                run.id,
                step=step.id,
                attempt=step.attempt,
                decision=decision,
                reason=reason,
                actor=self._actor(run),
            )

    def _actor(self, run: Run) -> Actor:
        return account(self._switchback.services.catalog, run.migration)

    @asynccontextmanager
    async def _beating(self) -> AsyncIterator[None]:
        """Beat as a replica, and take over from one that does not any more; its jobs are a bot's to adopt."""
        store, replica = self._switchback.store, self._switchback.settings.replica

        async def adopt(_replica: str) -> None:
            return

        beating = asyncio.create_task(
            Replicas(store=store, clock=self._switchback.clock, replica=replica, adopt=adopt).run()
        )
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            async with store.transaction() as tx:
                await tx.replicas.leave(replica)

"""A rollback that waits for approvals, at the terminal: followed, withdrawn, or started alone.

Approvals are given in Slack. Here they are seen as they come.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.app import Switchback
from bot.domain.errors import RefusedError
from bot.domain.playbook.document import Playbook
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.domain.walk import Walk
from bot.terminal.account import account
from bot.terminal.beats import POLL_SECONDS
from bot.terminal.keyboard import LEAVE, Keyboard
from bot.terminal.walk_words import request_lines
from bot.terminal.who_drives import WhoDrives

_WAYS = "It waits for approvals · a go on alone · w withdraw · q leave it:"


@dataclass
class Waiting:
    """What a script wants while approvals are missing: to go on `alone` for this reason, or to `wait`.

    `code` is that of a second factor, where going on alone takes one.
    """

    alone: str | None
    wait: bool
    code: str | None = None


class Awaiting:
    """Follows one start request after the other of a migration."""

    def __init__(
        self,
        switchback: Switchback,
        playbook: Playbook,
        *,
        script: Waiting,
        who_drives: WhoDrives,
        say: Callable[[str], None],
        keyboard: Keyboard | None,
    ) -> None:
        self._services = switchback.services
        self._store = switchback.store
        self._clock = switchback.clock
        self._actor = account(switchback.services.catalog, playbook.migration)
        self._playbook = playbook
        self._script = script
        self._who_drives = who_drives
        self._say = say
        self._keyboard = keyboard

    async def until_decided(self, request_id: str) -> Walk | Run | None:
        """The run, the walk when the request ended without one; None when it is left as it is."""
        seen: StartRequest | None = None
        while True:
            request = await self._services.start_requests.get(request_id)
            if request.status != "open":
                return await self._ended(request)
            if self._clock.now() >= request.expires_at:
                # A bot does it when the time comes; perhaps none runs.
                await self._services.start_requests.expire(request_id)
                continue
            reason, self._script.alone = self._script.alone, None
            if reason is not None:
                return await self._alone(request_id, reason)
            if request != seen:
                self._tell(request, asking=seen is None)
                seen = request
            if self._keyboard is None and not self._script.wait:
                return None
            typed = self._keyboard.typed() if self._keyboard else None
            if typed == LEAVE:
                return None
            if typed is not None and self._keyboard is not None:
                return await self._decided(request, typed, self._keyboard)
            await self._clock.sleep(POLL_SECONDS)

    def _tell(self, request: StartRequest, *, asking: bool) -> None:
        for line in request_lines(self._playbook, request):
            self._say(line)
        if self._keyboard is not None:
            # Once it is asked, what is being typed stays good while approvals come.
            (self._keyboard.prompt if asking else self._say)(_WAYS)
        elif not self._script.wait:
            self._say("It waits for them: --wait to follow it, --alone REASON to go on without them")

    async def _decided(self, request: StartRequest, typed: str, keyboard: Keyboard) -> Walk | Run:
        if typed == "w":
            await self._services.start_requests.withdraw(request.id, actor=self._actor)
        elif typed == "a":
            reason = await keyboard.reason()
            if reason is not None:
                return await self._alone(request.id, reason)
        else:
            raise RefusedError(f"“{typed}” is none of these")
        return await self._services.walks.get(request.walk)

    async def _alone(self, request_id: str, reason: str) -> Walk | Run:
        if not await self._who_drives.settled():
            request = await self._services.start_requests.get(request_id)
            return await self._services.walks.get(request.walk)
        code = await self._code(request_id)
        alone = self._services.break_glass.go_on_alone
        return await alone(request_id, reason=reason, code=code, actor=self._actor)

    async def _code(self, request_id: str) -> str:
        """The code of a second factor, asked for where one is wanted and none was given."""
        given, self._script.code = self._script.code, None
        if given is None and self._keyboard is not None:
            request = await self._services.start_requests.get(request_id)
            if await self._services.rollback_codes.are_asked_for(request):
                given = await self._keyboard.ask("Six-digit code from your authenticator:")
        return given or ""

    async def _ended(self, request: StartRequest) -> Walk | Run:
        self._say(request.became())
        if request.status in ("started", "alone"):
            async with self._store.reading() as tx:
                return await tx.runs.get(request.preview)
        return await self._services.walks.get(request.walk)

"""The real bot as a process (`switchback run`, HTTP): started, killed, frozen and thawed."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from bot.sandbox.settings import LOCAL_BOT, LOCAL_SIGNING

SWITCHBACK = Path(sys.executable).parent / "switchback"
READY_SECONDS = 60.0


def bot_environment(*, slack: str, database: str, playbooks: Path, **settings: str) -> dict[str, str]:
    """The whole environment of a bot: nothing of the caller's own settings, and these."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "SLACK_API_URL": f"{slack}/api/",
        "SLACK_BOT_TOKEN": LOCAL_BOT,
        "SLACK_SIGNING_SECRET": LOCAL_SIGNING,
        "SWITCHBACK_DATABASE_URL": database,
        "SWITCHBACK_PLAYBOOKS": str(playbooks),
        **settings,
    }


class BotUnderTest:
    """One bot over the life of several processes, at the same address all the time."""

    def __init__(self, *, environment: Mapping[str, str], session: aiohttp.ClientSession, log: Path) -> None:
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {**environment, "SWITCHBACK_PORT": str(port)}
        self._session = session
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.frozen = False

    @property
    def pid(self) -> int:
        """The present process's id. Raises RuntimeError before the first start."""
        if self._process is None:
            raise RuntimeError("the bot was not started")
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether its process has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it, and wait for nothing."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                SWITCHBACK, "run", env=self._environment, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until it takes presses. Raises RuntimeError when it ends, TimeoutError after 60 s."""
        async with asyncio.timeout(READY_SECONDS):
            while not await self._is_ready():
                if not self.runs:
                    raise RuntimeError(f"the bot ended by itself; see {self._log}")
                await asyncio.sleep(0.03)

    async def kill(self) -> None:
        """kill -9. A frozen process dies as well."""
        if self._process is not None and self.runs:
            self._process.kill()
            await self._process.wait()
        self.frozen = False

    def freeze(self) -> None:
        """SIGSTOP: it does nothing more, and all its connections stay."""
        os.kill(self.pid, signal.SIGSTOP)
        self.frozen = True

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was."""
        os.kill(self.pid, signal.SIGCONT)
        self.frozen = False

    async def _is_ready(self) -> bool:
        try:
            async with self._session.get(f"{self.url}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

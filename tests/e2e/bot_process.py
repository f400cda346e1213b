"""The real bot as a process: `switchback run`, killed and started again as a test wants."""

from collections.abc import Mapping
from pathlib import Path

from tests.e2e.program import SWITCHBACK, Program, environment
from tests.e2e.records import Records


class Bot:
    """One bot with its settings, over the life of several processes."""

    def __init__(self, settings: Mapping[str, str], *, cwd: Path) -> None:
        self._settings = {"SWITCHBACK_PORT": "0", **settings}
        self._cwd = cwd
        self._programs: list[Program] = []
        self.url = ""

    @property
    def records(self) -> Records:
        """What it has written to its database, read from outside."""
        return Records(self._settings["SWITCHBACK_DATABASE_URL"])

    @property
    def env(self) -> dict[str, str]:
        """The whole environment it runs in, for other commands of the same set-up."""
        return environment(**self._settings)

    @property
    def output(self) -> str:
        """What all its processes have written."""
        return "\n".join(f"--- process {one.pid}\n{one.stdout}\n{one.stderr}" for one in self._programs)

    async def start(self) -> None:
        """Start it, and wait until Slack reaches it."""
        program = Program([SWITCHBACK, "run"], env=self.env, cwd=self._cwd)
        self._programs.append(program)
        self.url = (await program.line("Switchback is running: ")).partition("running: ")[2]
        if "SLACK_APP_TOKEN" in self._settings:
            await program.line("slack.connected")

    def kill(self) -> None:
        """kill -9."""
        self._programs[-1].kill()

    async def restart(self) -> None:
        """kill -9, and start it again."""
        self.kill()
        await self.start()

    def process(self) -> Program:
        """The present process."""
        return self._programs[-1]

    def end(self) -> None:
        """Nothing of it is left."""
        for program in self._programs:
            program.kill()

"""The planwise example for tests: small, on free ports, put back to its beginning before each test."""

import shutil
import sys
from pathlib import Path

import aiohttp
from aiohttp.test_utils import unused_port

from bot.sandbox.json_values import JsonObject, as_object, parse
from tests.e2e.program import ROOT, Program, environment, finished

EXAMPLE = ROOT / "examples" / "planwise"
EMPLOYEES = 2000
_PORTS = {"legacy": 8711, "new": 8712, "router": 8713}


def generated(folder: Path, *, variant: str) -> Path:
    """The data of a variant, made in this folder."""
    argv = [sys.executable, str(EXAMPLE / "generate.py"), "--variant", variant]
    made = finished([*argv, "--employees", str(EMPLOYEES), "--out", str(folder)], env=environment())
    assert made.ended() == 0, made.stderr
    return folder


def playbook_text(ports: dict[str, int]) -> str:
    """The example's playbook with these ports, and without a schedule: no test gets a summary at 06:30."""
    text = (EXAMPLE / "playbook.yml").read_text(encoding="utf-8")
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("  schedule:"))
    for name, port in _PORTS.items():
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{ports[name]}")
    return text


class Example:
    """Both systems and their router as processes, and a folder of playbooks with planwise in it."""

    def __init__(self, folder: Path, *, pristine: Path) -> None:
        self.playbooks = folder / "playbooks"
        self.data = self.playbooks / "planwise" / "data"
        self.ports = {name: unused_port() for name in _PORTS}
        self._pristine = pristine
        self._running: dict[str, Program] = {}
        self.data.parent.mkdir(parents=True)
        (self.data.parent / "playbook.yml").write_text(playbook_text(self.ports), encoding="utf-8")

    def reset(self) -> None:
        """As it was in the beginning: the data, and every service up."""
        if self.data.exists():
            shutil.rmtree(self.data)
        shutil.copytree(self._pristine, self.data)
        for name in self.ports:
            self.start(name)

    def start(self, name: str) -> None:
        """Start a service, unless it is up, and wait until it listens."""
        if name in self._running:
            return
        url = "http://127.0.0.1"
        routed = ["--legacy", f"{url}:{self.ports['legacy']}", "--new", f"{url}:{self.ports['new']}"]
        what = ["router.py", *routed] if name == "router" else ["service.py", name]
        argv = [sys.executable, str(EXAMPLE / what[0]), *what[1:]]
        port = str(self.ports[name])
        self._running[name] = Program([*argv, "--port", port, "--data", str(self.data)], env=environment())
        self._running[name].wait_for_line("Running on")

    def kill(self, name: str) -> None:
        """Kill a service."""
        self._running.pop(name).kill()

    def end(self) -> None:
        """Kill every service."""
        for name in list(self._running):
            self.kill(name)

    async def look(self, name: str, path: str = "/employees/count") -> tuple[int, JsonObject]:
        """What an outsider sees of a service: the status and the JSON of a GET."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.ports[name]}{path}") as answer,
        ):
            return answer.status, as_object(parse(await answer.text()))

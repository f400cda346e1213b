"""The same steps without us: a plain shell script, and ansible-playbook.

ansible-core comes from PyPI into an environment of its own under build/, made once. It runs on this
host without a connection, gathers no facts, and is told its interpreter: it does no more than the steps.
"""

import json
import os
import time
from pathlib import Path

from benchmarks.own_environment import OwnEnvironment
from benchmarks.runs_playbook import TOUCH, names
from benchmarks.serving import completed

ANSIBLE = "2.19.14"
ENVIRONMENT = OwnEnvironment("ansible", (f"ansible-core=={ANSIBLE}",))


class Peers:
    """The two, with their files in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._script = folder / "steps.sh"
        self._playbook = folder / "steps.yml"
        commands = [[TOUCH, name] for name in names()]
        lines = "".join(f"{' '.join(command)}\n" for command in commands)
        self._script.write_text(f"set -e\n{lines}", encoding="utf-8")
        play = {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "tasks": [
                {"name": name, "ansible.builtin.command": {"argv": command, "chdir": str(folder)}}
                for name, command in zip(names(), commands, strict=True)
            ],
        }
        # JSON is YAML, too.
        self._playbook.write_text(json.dumps([play], indent=1), encoding="utf-8")

    async def shell(self) -> float:
        """The wall time of the script, in seconds."""
        return await self._timed(["/bin/sh", str(self._script)])

    async def ansible(self) -> float:
        """The wall time of ansible-playbook, in seconds."""
        program = ENVIRONMENT.program("ansible-playbook")
        python = f"ansible_python_interpreter={ENVIRONMENT.program('python')}"
        return await self._timed([program, "-i", "localhost,", "-e", python, str(self._playbook)])

    async def _timed(self, command: list[str]) -> float:
        clean(self._folder)
        home = {"HOME": str(self._folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        began = time.perf_counter()
        await completed(command, cwd=self._folder, environment={**home, "ANSIBLE_PIPELINING": "1"})
        seconds = time.perf_counter() - began
        check(self._folder)
        return seconds


def clean(folder: Path) -> None:
    """Forget what the steps left."""
    for name in names():
        (folder / name).unlink(missing_ok=True)


def check(folder: Path) -> None:
    """Raises RuntimeError unless every step left its file."""
    missing = [name for name in names() if not (folder / name).exists()]
    if missing:
        raise RuntimeError(f"{folder}: {', '.join(missing)} was not done")

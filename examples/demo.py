"""`make demo`: the local workspace, an example and the bot, as one thing that Ctrl-C ends.

Everything it keeps is under build/demo (or build/demo-NAME), or in SWITCHBACK_DEMO_FOLDER: the bot's
database, the workspace's messages, the example's databases, and the logs of each process. A second start
works on what is there.
"""

import argparse
import contextlib
import fcntl
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from examples.clubos.demo import CLUBOS
from examples.demo_codes import enrolled, factor_key, told
from examples.demo_example import DemoExample, Place, script
from examples.demo_ports import SHARED, WrongPortsError, chosen_ports, require_free, with_ports
from examples.demo_processes import Part, Processes, interrupt_on_signals, say
from examples.planwise.demo import PLANWISE

ROOT = Path(__file__).resolve().parents[1]
SWITCHBACK = str(Path(sys.executable).parent / "switchback")
EXAMPLES = {example.name: example for example in (PLANWISE, CLUBOS)}


class FolderInUseError(Exception):
    """The kept folder is locked by another demo, or by a part of it that is still there, or is another's."""


def main() -> int:
    """Start everything, say what to try, and end everything at Ctrl-C. Exit status 2 when it cannot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--example", choices=EXAMPLES, default="planwise", help="which one (planwise)")
    parser.add_argument("--reset", action="store_true", help="forget what was kept, start nothing")
    parser.add_argument("--codes", action="store_true", help="print the approvers' codes, start nothing")
    given = parser.parse_args()
    interrupt_on_signals()
    demo = Demo(EXAMPLES[given.example])
    try:
        return demo.reset() if given.reset else demo.codes() if given.codes else demo.run()
    except (WrongPortsError, FolderInUseError) as error:
        say(str(error), sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 2


class Demo:
    """One example's demo, and the folder in which it keeps everything."""

    def __init__(self, example: DemoExample) -> None:
        self._example = example
        self._kept = Path(
            os.environ.get("SWITCHBACK_DEMO_FOLDER") or ROOT / "build" / example.kept
        ).absolute()
        self._playbooks = self._kept / "playbooks"

    def reset(self) -> int:
        """Forget what was kept."""
        if self._kept.exists():
            self._lock()
            shutil.rmtree(self._kept)
        say(f"The demo has forgotten everything. Begin again with: {self._example.command}")
        return 0

    def codes(self) -> int:
        """Print the code of everybody whose approval takes one."""
        people = self._example.people
        if not people or not (self._kept / "switchback.db").exists():
            say(f"There are no codes. Begin with: {EXAMPLES['clubos'].command}", sys.stderr)
            return 2
        say(told(enrolled(self._kept, people, self._settings), people))
        return 0

    def run(self) -> int:
        """Start everything, and end it at Ctrl-C or with a part that it needs."""
        defaults = {**SHARED, **self._example.ports}
        ports = chosen_ports(defaults, os.environ)
        place = Place(self._playbooks / self._example.name, ports)
        self._kept.mkdir(parents=True, exist_ok=True)
        lock = self._lock()
        require_free(ports)
        self._prepare(place, defaults)
        processes = Processes(kept=self._kept, root=ROOT, environment=self._environment(place), lock=lock)
        try:
            if all(processes.start(part) for part in self._parts(place)):
                say(self._welcome(place, new=processes.pid("new")))
                processes.watch(again=self._example.command)
            return 2
        except KeyboardInterrupt:
            # The terminal may be gone, and is then nothing to write to.
            with contextlib.suppress(OSError):
                say("ending …")
            return 0
        finally:
            processes.end()

    def _lock(self) -> int:
        """The kept folder, locked until all with this descriptor have ended. Raises FolderInUseError."""
        folder = os.open(self._kept, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUseError(
                f"A demo, or what is left of one, runs in {self._kept}. "
                "End it first, with Ctrl-C in its terminal."
            ) from None
        others = [name for name in EXAMPLES if name != self._example.name]
        for other in others:
            if (self._playbooks / other).exists():
                raise FolderInUseError(
                    f"{self._kept} holds the demo of {other}. Set SWITCHBACK_DEMO_FOLDER to another folder."
                )
        return folder

    def _prepare(self, place: Place, defaults: Mapping[str, int]) -> None:
        """The playbook with this demo's ports, and the databases of each set where there are none yet."""
        place.playbook.mkdir(parents=True, exist_ok=True)
        text = (self._example.folder / "playbook.yml").read_text(encoding="utf-8")
        written = with_ports(text, defaults, place.ports)
        (place.playbook / "playbook.yml").write_text(written, encoding="utf-8")
        for name in self._example.copied:
            shutil.copytree(self._example.folder / name, place.playbook / name, dirs_exist_ok=True)
        if not (place.playbook / "data" / "new.db").exists():
            say("building the example's databases ...")
        for folder, recipe in self._example.data.items():
            self._generate(place.playbook / folder, recipe)

    def _generate(self, folder: Path, recipe: tuple[str, ...]) -> None:
        """The two databases of a folder; what is there stays."""
        generate = script(self._example.name, "generate.py", "--out", str(folder), *recipe)
        made = subprocess.run(generate, check=False, capture_output=True, text=True)
        if made.returncode != 0:
            raise SystemExit(f"the example's databases could not be built:\n{made.stderr}")

    def _parts(self, place: Place) -> list[Part]:
        workspace = [SWITCHBACK, "sandbox", "--data", str(self._kept / "workspace.db")]
        if self._example.seed is not None:
            workspace += ["--seed", str(self._example.seed)]
        page = f"{place.url('SWITCHBACK_SANDBOX_PORT')}/"
        ready = f"{place.url('SWITCHBACK_PORT')}/readyz"
        return [
            *self._example.parts(place),
            Part("workspace", tuple(workspace), page, needed=True),
            Part("bot", (SWITCHBACK, "run"), ready, needed=True),
        ]

    @property
    def _settings(self) -> dict[str, str]:
        """What the bot is told, and what a terminal beside the demo is to be told."""
        settings = {
            "SWITCHBACK_PLAYBOOKS": str(self._playbooks),
            "SWITCHBACK_DATABASE_URL": f"sqlite:///{self._kept / 'switchback.db'}",
        }
        if self._example.people:
            settings["SWITCHBACK_FACTOR_KEY"] = factor_key(self._kept)
        return settings

    def _environment(self, place: Place) -> dict[str, str]:
        return {
            **os.environ,
            **{name: str(port) for name, port in place.ports.items()},
            **self._settings,
            "SLACK_API_URL": f"{place.url('SWITCHBACK_SANDBOX_PORT')}/api/",
            "SLACK_BOT_TOKEN": "xoxb-local-workspace",
            "SLACK_APP_TOKEN": "xapp-local-workspace",
        }

    def _welcome(self, place: Place, *, new: int) -> str:
        exported = " ".join(f"{name}={shlex.quote(value)}" for name, value in self._settings.items())
        reset = self._example.command.replace("demo", "demo-reset", 1)
        codes = ""
        if self._example.people:
            command = self._example.command.replace("demo", "demo-codes", 1)
            codes = f"\n  The codes of those whose approval takes one:  {command}"
        return f"""
  Open  {place.url("SWITCHBACK_SANDBOX_PORT")}/

{self._example.try_first(place)}
  Break the new system:  kill {new}
  In a second terminal:
    export {exported}
    {shlex.quote(SWITCHBACK)} runs{codes}

  Logs and data are in {self._kept}. Ctrl-C ends everything; `{reset}` begins again.
"""


if __name__ == "__main__":
    sys.exit(main())

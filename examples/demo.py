"""`make demo`: the local workspace, the planwise example and the bot, as one thing that Ctrl-C ends.

Everything it keeps is under build/demo, or in SWITCHBACK_DEMO_FOLDER: the bot's database, the
workspace's messages, the example's databases, and the logs of each process. A second start works on what
is there.
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

from examples.demo_ports import WrongPortsError, chosen_ports, require_free, with_ports
from examples.demo_processes import Part, Processes, interrupt_on_signals, say

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(os.environ.get("SWITCHBACK_DEMO_FOLDER") or ROOT / "build" / "demo").absolute()
EXAMPLE = ROOT / "examples" / "planwise"
PLAYBOOK = KEPT / "playbooks" / "planwise"
SWITCHBACK = str(Path(sys.executable).parent / "switchback")
# Staging has few people, and both systems agree about them.
STAGING = ("--variant", "clean", "--employees", "2000")
# What the bot is told, and what a terminal beside the demo is to be told.
SETTINGS = {
    "SWITCHBACK_PLAYBOOKS": str(KEPT / "playbooks"),
    "SWITCHBACK_DATABASE_URL": f"sqlite:///{KEPT / 'switchback.db'}",
}


class FolderInUseError(Exception):
    """The kept folder is locked by another demo, or by a part of it that is still there."""


def main() -> int:
    """Start everything, say what to try, and end everything at Ctrl-C. Exit status 2 when it cannot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget what was kept, start nothing")
    reset = parser.parse_args().reset
    interrupt_on_signals()
    try:
        return _reset() if reset else _demo()
    except (WrongPortsError, FolderInUseError) as error:
        say(str(error), sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 2


def _reset() -> int:
    if KEPT.exists():
        _lock()
        shutil.rmtree(KEPT)
    say("The demo has forgotten everything. Begin again with: make demo")
    return 0


def _demo() -> int:
    ports = chosen_ports(os.environ)
    KEPT.mkdir(parents=True, exist_ok=True)
    lock = _lock()
    require_free(ports)
    _prepare(ports)
    processes = Processes(kept=KEPT, root=ROOT, environment=_environment(ports), lock=lock)
    try:
        if all(processes.start(part) for part in _parts(ports)):
            say(_welcome(ports, new=processes.pid("new")))
            processes.watch()
        return 2
    except KeyboardInterrupt:
        # The terminal may be gone, and is then nothing to write to.
        with contextlib.suppress(OSError):
            say("ending …")
        return 0
    finally:
        processes.end()


def _lock() -> int:
    """The kept folder, locked until all with this descriptor have ended. Raises FolderInUseError."""
    folder = os.open(KEPT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderInUseError(
            f"A demo, or what is left of one, runs in {KEPT}. End it first, with Ctrl-C in its terminal."
        ) from None
    return folder


def _prepare(ports: Mapping[str, int]) -> None:
    """The playbook with this demo's ports, and the databases of both sets where there are none yet."""
    PLAYBOOK.mkdir(parents=True, exist_ok=True)
    text = (EXAMPLE / "playbook.yml").read_text(encoding="utf-8")
    (PLAYBOOK / "playbook.yml").write_text(with_ports(text, ports), encoding="utf-8")
    if not (PLAYBOOK / "data" / "new.db").exists():
        say("building the example's databases ...")
    _generate("data")
    _generate("staging", *STAGING)


def _generate(folder: str, *recipe: str) -> None:
    """The two databases in a folder of the playbook; what is there stays."""
    generate = [sys.executable, str(EXAMPLE / "generate.py"), "--out", str(PLAYBOOK / folder), *recipe]
    made = subprocess.run(generate, check=False, capture_output=True, text=True)
    if made.returncode != 0:
        raise SystemExit(f"the example's databases could not be built:\n{made.stderr}")


def _parts(ports: Mapping[str, int]) -> list[Part]:
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    data = ("--data", str(PLAYBOOK / "data"))
    routed = ("--legacy", urls["PLANWISE_LEGACY_PORT"], "--new", urls["PLANWISE_NEW_PORT"])

    def planwise(name: str, script: str, *arguments: str) -> Part:
        setting = f"PLANWISE_{name.upper()}_PORT"
        command = (sys.executable, str(EXAMPLE / script), *arguments, "--port", str(ports[setting]), *data)
        return Part(name, command, f"{urls[setting]}/health", needed=False)

    staging = [
        *(sys.executable, str(EXAMPLE / "staging.py"), "--data", str(PLAYBOOK / "staging")),
        *("--legacy-port", str(ports["PLANWISE_STAGING_LEGACY_PORT"])),
        *("--new-port", str(ports["PLANWISE_STAGING_NEW_PORT"])),
        *("--router-port", str(ports["PLANWISE_STAGING_ROUTER_PORT"])),
    ]
    # The router comes last of the three.
    staged = f"{urls['PLANWISE_STAGING_ROUTER_PORT']}/health"
    workspace = (SWITCHBACK, "sandbox", "--data", str(KEPT / "workspace.db"))
    return [
        planwise("legacy", "service.py", "legacy"),
        planwise("new", "service.py", "new"),
        planwise("router", "router.py", *routed),
        Part("staging", tuple(staging), staged, needed=False),
        Part("workspace", workspace, f"{urls['SWITCHBACK_SANDBOX_PORT']}/", needed=True),
        Part("bot", (SWITCHBACK, "run"), f"{urls['SWITCHBACK_PORT']}/readyz", needed=True),
    ]


def _environment(ports: Mapping[str, int]) -> dict[str, str]:
    return {
        **os.environ,
        **{name: str(port) for name, port in ports.items()},
        **SETTINGS,
        "SLACK_API_URL": f"http://127.0.0.1:{ports['SWITCHBACK_SANDBOX_PORT']}/api/",
        "SLACK_BOT_TOKEN": "xoxb-local-workspace",
        "SLACK_APP_TOKEN": "xapp-local-workspace",
    }


def _welcome(ports: Mapping[str, int], *, new: int) -> str:
    exported = " ".join(f"{name}={shlex.quote(value)}" for name, value in SETTINGS.items())
    return f"""
  Open  http://127.0.0.1:{ports["SWITCHBACK_SANDBOX_PORT"]}/

  Try first, as Sam Okafor, the on-call engineer:
    1. /reconcile planwise    the six daily checks; four of them fail, by seeded discrepancies
    2. /rollback planwise     the question appears in #incidents; answer beside the measured values
    3. Look at the preview, press “Roll back planwise…”, type planwise, and watch it run
    4. /rollback planwise rehearse   the same for real in staging, and forward again; then it is signed
  Look from outside:  curl -i http://127.0.0.1:{ports["PLANWISE_ROUTER_PORT"]}/employees/count
  Break the new system:  kill {new}
  In a second terminal:
    export {exported}
    {shlex.quote(SWITCHBACK)} runs

  Logs and data are in {KEPT}. Ctrl-C ends everything; `make demo-reset` begins again.
"""


if __name__ == "__main__":
    sys.exit(main())

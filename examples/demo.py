"""`make demo`: the local workspace, the planwise example and the bot, as one thing that Ctrl-C ends.

Everything it keeps is under build/demo, or in SWITCHBACK_DEMO_FOLDER: the bot's database, the
workspace's messages, the example's databases, and the logs of each process. A second start works on what
is there.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(os.environ.get("SWITCHBACK_DEMO_FOLDER") or ROOT / "build" / "demo").absolute()
EXAMPLE = ROOT / "examples" / "planwise"
PLAYBOOK = KEPT / "playbooks" / "planwise"
BIN = Path(sys.executable).parent
START_SECONDS = 60.0

# The ports, each with its setting. The playbook names the last three.
PORTS = {
    "SWITCHBACK_SANDBOX_PORT": 8700,
    "SWITCHBACK_PORT": 8701,
    "PLANWISE_LEGACY_PORT": 8711,
    "PLANWISE_NEW_PORT": 8712,
    "PLANWISE_ROUTER_PORT": 8713,
}


@dataclass(frozen=True)
class Part:
    """A process of the demo, and the URL that answers when it is up."""

    name: str
    command: tuple[str, ...]
    answers: str


def main() -> int:
    """Start everything, say what to try, and end everything at Ctrl-C. Exit status 2 when it cannot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget what was kept, start nothing")
    if parser.parse_args().reset:
        shutil.rmtree(KEPT, ignore_errors=True)
        say("The demo has forgotten everything. Begin again with: make demo")
        return 0
    ports = {name: int(os.environ.get(name) or port) for name, port in PORTS.items()}
    taken = [(name, port) for name, port in ports.items() if not _free(port)]
    for name, port in taken:
        say(f"Port {port} is in use. Stop what listens there (an earlier demo?), or set {name}.", sys.stderr)
    if taken:
        return 2
    signal.signal(signal.SIGTERM, _interrupted)
    _prepare(ports)
    return _run(_parts(ports), _environment(ports), ports["SWITCHBACK_SANDBOX_PORT"])


def say(text: str, stream: object = sys.stdout) -> None:
    """Print a line at once."""
    print(text, file=stream, flush=True)  # type: ignore[call-overload]


def _interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _prepare(ports: Mapping[str, int]) -> None:
    """The playbook with this demo's ports, and its databases where there are none yet."""
    PLAYBOOK.mkdir(parents=True, exist_ok=True)
    text = (EXAMPLE / "playbook.yml").read_text()
    for name, port in PORTS.items():
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{ports[name]}")
    (PLAYBOOK / "playbook.yml").write_text(text)
    if not (PLAYBOOK / "data" / "new.db").exists():
        say("building the example's two databases ...")
    generate = [sys.executable, str(EXAMPLE / "generate.py"), "--out", str(PLAYBOOK / "data")]
    made = subprocess.run(generate, check=False, capture_output=True, text=True)
    if made.returncode != 0:
        raise SystemExit(f"the example's databases could not be built:\n{made.stderr}")


def _parts(ports: Mapping[str, int]) -> list[Part]:
    legacy, new, router = (ports[f"PLANWISE_{name}_PORT"] for name in ("LEGACY", "NEW", "ROUTER"))
    data = ("--data", str(PLAYBOOK / "data"))
    service = (sys.executable, str(EXAMPLE / "service.py"))
    routed = ("--legacy", f"http://127.0.0.1:{legacy}", "--new", f"http://127.0.0.1:{new}")
    workspace = (str(BIN / "switchback"), "sandbox", "--data", str(KEPT / "workspace.db"))
    return [
        Part(
            "legacy", (*service, "legacy", "--port", str(legacy), *data), f"http://127.0.0.1:{legacy}/health"
        ),
        Part("new", (*service, "new", "--port", str(new), *data), f"http://127.0.0.1:{new}/health"),
        Part(
            "router",
            (sys.executable, str(EXAMPLE / "router.py"), "--port", str(router), *routed, *data),
            f"http://127.0.0.1:{router}/health",
        ),
        Part("workspace", workspace, f"http://127.0.0.1:{ports['SWITCHBACK_SANDBOX_PORT']}/"),
        Part("bot", (str(BIN / "switchback"), "run"), f"http://127.0.0.1:{ports['SWITCHBACK_PORT']}/readyz"),
    ]


def _environment(ports: Mapping[str, int]) -> dict[str, str]:
    return {
        **os.environ,
        **{name: str(port) for name, port in ports.items()},
        "SLACK_API_URL": f"http://127.0.0.1:{ports['SWITCHBACK_SANDBOX_PORT']}/api/",
        "SLACK_BOT_TOKEN": "xoxb-local-workspace",
        "SLACK_APP_TOKEN": "xapp-local-workspace",
        "SWITCHBACK_DATABASE_URL": f"sqlite:///{KEPT / 'switchback.db'}",
        "SWITCHBACK_PLAYBOOKS": str(KEPT / "playbooks"),
    }


def _run(parts: list[Part], environment: Mapping[str, str], port: int) -> int:
    running: list[tuple[Part, subprocess.Popen[bytes]]] = []
    try:
        for part in parts:
            with (KEPT / f"{part.name}.log").open("ab") as log:
                # A session of its own: Ctrl-C reaches this process alone, which ends them in order.
                process = subprocess.Popen(
                    part.command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
                )
            running.append((part, process))
            if not _up(part, process):
                log_file = KEPT / f"{part.name}.log"
                say(f"{part.name} did not start; the end of {log_file}:\n{_tail(log_file)}", sys.stderr)
                return 2
        say(_welcome(port, router=parts[2].answers.removesuffix("/health")))
        return _watch(running)
    except KeyboardInterrupt:
        return 0
    finally:
        _end(running)


def _up(part: Part, process: "subprocess.Popen[bytes]") -> bool:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(part.answers, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _watch(running: "list[tuple[Part, subprocess.Popen[bytes]]]") -> int:
    """Wait for Ctrl-C, or for a part that ended by itself."""
    while True:
        time.sleep(0.5)
        for part, process in running:
            if process.poll() is not None:
                log_file = KEPT / f"{part.name}.log"
                say(f"{part.name} ended with status {process.returncode}:\n{_tail(log_file)}", sys.stderr)
                return 2


def _end(running: "list[tuple[Part, subprocess.Popen[bytes]]]") -> None:
    # A second Ctrl-C must not leave half of them running.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for _part, process in reversed(running):
        if process.poll() is None:
            process.terminate()
    for _part, process in reversed(running):
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-8:])


def _welcome(port: int, *, router: str) -> str:
    return f"""
  Open  http://127.0.0.1:{port}/

  Try first, as Sam Okafor, the on-call engineer:
    1. /reconcile planwise    the five daily checks; three of them fail, by a seeded discrepancy
    2. /rollback planwise     the question appears in #incidents; answer beside the measured values
    3. Look at the preview, press “Roll back planwise…”, type planwise, and watch it run
  Look from outside:  curl -i {router}/employees/count

  Logs and data are in {KEPT}. Ctrl-C ends everything; `make demo-reset` begins again.
"""


if __name__ == "__main__":
    sys.exit(main())

"""`switchback sandbox` starts a workspace and says how to reach it."""

import signal
import socket
import urllib.request
from pathlib import Path

from tests.e2e.program import SWITCHBACK, Program, environment
from tests.e2e.terminal.conftest import Switchback


def test_a_workspace_says_its_url_and_settings_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    env = environment(SWITCHBACK_SANDBOX_PORT="0")
    with Program([SWITCHBACK, "sandbox"], env=env, cwd=tmp_path) as sandbox:
        url = sandbox.wait_for_line("The local workspace is running: ").partition("running: ")[2]
        sandbox.wait_for_line(f"SLACK_API_URL={url}/api/")
        sandbox.wait_for_line("SLACK_BOT_TOKEN=xoxb-")
        with urllib.request.urlopen(url) as page:
            assert page.status == 200
        sandbox.signal(signal.SIGINT)
        assert sandbox.ended() == 0
        assert sandbox.stderr == ""


def test_a_port_in_use_is_one_line_with_exit_status_2(switchback: Switchback) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        told = switchback("sandbox", SWITCHBACK_SANDBOX_PORT=str(port))
    assert (told.ended(), len(told.stderr.splitlines())) == (2, 1)
    assert f"Port {port}" in told.stderr

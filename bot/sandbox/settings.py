"""What can be set about a local workspace."""

from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.seed import DEFAULT_SEED, Seed

#: What a local workspace takes for tokens and secrets; they open nothing else.
LOCAL_BOT = "xoxb-local-workspace"
LOCAL_APP = "xapp-local-workspace"
LOCAL_SIGNING = "local-workspace-signing-secret"

PAGE_FILES = Path(__file__).parent / "page" / "dist"


@dataclass(frozen=True, kw_only=True)
class WorkspaceSettings:
    """Settings of one workspace. Times are in seconds.

    `port` 0 takes any free port. Without `manifest_path` there are no commands and
    every scope is granted. Without `data_path` everything is in memory. With
    `request_url` the app is reached by signed HTTP, otherwise by Socket Mode.
    `ack_timeout` and `trigger_lifetime` are Slack's 3 s. `event_retry_delays` are the
    waits before the redeliveries of an event: at once, 1 min, 5 min
    (https://docs.slack.dev/apis/events-api/#retries). `ping_interval` is how often a
    socket is pinged, `disconnect_grace` how long a socket stays after its warning.
    """

    host: str = "127.0.0.1"
    port: int = 8700
    manifest_path: Path | None = None
    data_path: Path | None = None
    page_files: Path = PAGE_FILES
    request_url: str | None = None
    challenge_request_url: bool = False
    signing_secret: str = LOCAL_SIGNING
    bot_token: str = LOCAL_BOT
    app_token: str = LOCAL_APP
    ack_timeout: float = 3.0
    trigger_lifetime: float = 3.0
    event_retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    ping_interval: float = 10.0
    disconnect_grace: float = 10.0
    shutdown_timeout: float = 0.5
    rate_limits: bool = False
    seed: Seed = DEFAULT_SEED


class PortInUseError(Exception):
    """The port the workspace should listen on is taken."""

    def __init__(self, *, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} on {host} is in use, so the local workspace cannot start. "
            f"Stop what is listening there, or choose another port (0 takes any free one)."
        )
        self.port = port

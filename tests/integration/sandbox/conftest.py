"""A workspace in this process, and real Bolt apps and SDK clients for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_APP, LOCAL_BOT, WorkspaceSettings
from tests.e2e.workspace import Person, signed_in
from tests.integration.member_seed import MEMBER_SEED

MANIFEST = Path(__file__).parent / "app_manifest.yml"

Connect = Callable[[AsyncApp], AbstractAsyncContextManager[AsyncSocketModeHandler]]


class SettableClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
async def workspace(clock: SettableClock) -> AsyncIterator[RunningWorkspace]:
    settings = WorkspaceSettings(
        port=0,
        manifest_path=MANIFEST,
        ack_timeout=0.5,
        event_retry_delays=(0.0, 0.0, 0.0),
        seed=MEMBER_SEED,
    )
    async with running_workspace(settings, clock=clock) as running:
        yield running


@pytest.fixture
def client(workspace: RunningWorkspace) -> AsyncWebClient:
    return AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url, retry_handlers=[])


@pytest.fixture
def bolt(client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, token=LOCAL_BOT)


@pytest.fixture
async def sam(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    async with signed_in(workspace.url, "U0ONCALL") as person:
        yield person


@asynccontextmanager
async def socket_connection(app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect a Bolt app by Socket Mode until the block ends."""
    handler = AsyncSocketModeHandler(app, LOCAL_APP, ping_interval=0.1)
    await handler.connect_async()
    try:
        yield handler
    finally:
        await handler.close_async()

"""The real bot over real sockets, in a local workspace, with the planwise example."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_APP, LOCAL_BOT, WorkspaceSettings
from tests.e2e.bot_process import Bot
from tests.e2e.planwise_example import Example, generated
from tests.e2e.program import ROOT
from tests.e2e.workspace import Person, signed_in
from tests.postgres import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]

MANIFEST = ROOT / "manifest.yml"
Running = Callable[..., AbstractAsyncContextManager[Bot]]


@pytest.fixture(scope="session")
def planwise_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's data with its discrepancies. For reading only."""
    return generated(tmp_path_factory.mktemp("discrepant") / "data", variant="discrepant")


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory, planwise_data: Path) -> Iterator[Example]:
    """The example's processes."""
    example = Example(tmp_path_factory.mktemp("example"), pristine=planwise_data)
    try:
        yield example
    finally:
        example.end()


@pytest.fixture
def example(services: Example) -> Example:
    """The example as it is in the beginning."""
    services.reset()
    return services


@pytest.fixture
async def workspace() -> AsyncIterator[RunningWorkspace]:
    async with running_workspace(WorkspaceSettings(port=0, manifest_path=MANIFEST)) as running:
        yield running


@pytest.fixture
def settings(workspace: RunningWorkspace, example: Example, tmp_path: Path) -> dict[str, str]:
    """The settings of a bot in the workspace: Socket Mode, a database of its own, planwise."""
    return {
        "SLACK_API_URL": workspace.api_url,
        "SLACK_BOT_TOKEN": LOCAL_BOT,
        "SLACK_APP_TOKEN": LOCAL_APP,
        "SWITCHBACK_DATABASE_URL": f"sqlite:///{tmp_path / 'switchback.db'}",
        "SWITCHBACK_PLAYBOOKS": str(example.playbooks),
    }


@pytest.fixture
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Running:
    """Runs a bot with settings until the block ends; what it wrote is shown when the test fails."""

    @asynccontextmanager
    async def run(settings: Mapping[str, str]) -> AsyncIterator[Bot]:
        bot = Bot(settings, cwd=tmp_path)
        try:
            await bot.start()
            yield bot
        finally:
            bot.end()
            request.node.add_report_section("teardown", "bot", bot.output)

    return run


@pytest.fixture
async def bot(running: Running, settings: dict[str, str]) -> AsyncIterator[Bot]:
    async with running(settings) as one:
        yield one


@pytest.fixture
async def sam(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    """The on-call engineer."""
    async with signed_in(workspace.url, "U0ONCALL") as person:
        yield person


@pytest.fixture
async def kim(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    """The second engineer."""
    async with signed_in(workspace.url, "U0SECOND") as person:
        yield person


@pytest.fixture
async def robin(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    """Somebody without a role."""
    async with signed_in(workspace.url, "U0GUEST") as person:
        yield person

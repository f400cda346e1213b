"""The workspace as an HTTP server."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.clock import Clock, Ids, RandomIds, SystemClock
from bot.sandbox.control import Control
from bot.sandbox.file_transfer import FileTransfer
from bot.sandbox.page_api import PageApi, refusals_as_errors
from bot.sandbox.page_files import PageFiles
from bot.sandbox.page_state import push_changes
from bot.sandbox.responses import Responses
from bot.sandbox.settings import PortInUseError, WorkspaceSettings
from bot.sandbox.web_api.endpoint import WebApi
from bot.sandbox.workspace import Workspace

WORKSPACE = web.AppKey("workspace", Workspace)

#: Bytes of a request's body; a modal's view alone may have 250 kB.
_MOST_BODY = 4 * 1024 * 1024


class RequestUrlError(Exception):
    """The app's request URL did not answer the challenge."""


@dataclass(frozen=True, kw_only=True)
class RunningWorkspace:
    """A workspace that listens. `url` has no slash at the end."""

    url: str
    port: int
    settings: WorkspaceSettings
    workspace: Workspace

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, for Slack's SDK."""
        return f"{self.url}/api/"


def create_app(settings: WorkspaceSettings, clock: Clock, ids: Ids) -> web.Application:
    """The workspace as an aiohttp application. Raises ManifestError."""
    workspace = Workspace(settings=settings, clock=clock, ids=ids)
    push_changes(workspace)
    web_api = WebApi(workspace=workspace)
    app = web.Application(middlewares=[refusals_as_errors], client_max_size=_MOST_BODY)
    app[WORKSPACE] = workspace
    app.add_routes(
        [
            web.route("*", "/api/{method}", web_api.handle),
            web.get("/link/", workspace.socket_mode.serve),
            *FileTransfer(workspace=workspace).routes(),
            web.post("/response/{token:.+}", Responses(workspace=workspace).handle),
            *PageApi(workspace=workspace).routes(),
            *Control(workspace=workspace).routes(),
            *PageFiles(folder=settings.page_files).routes(),
        ]
    )

    async def close(_: web.Application) -> None:
        await workspace.close()

    app.on_shutdown.append(close)
    return app


@asynccontextmanager
async def running_workspace(
    settings: WorkspaceSettings, *, clock: Clock | None = None, ids: Ids | None = None
) -> AsyncIterator[RunningWorkspace]:
    """Listen until the block ends. Raises PortInUseError, ManifestError, RequestUrlError."""
    app = create_app(settings, clock or SystemClock(), ids or RandomIds())
    workspace = app[WORKSPACE]
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=settings.shutdown_timeout)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortInUseError(host=settings.host, port=settings.port) from error
        port: int = runner.addresses[0][1]
        workspace.url = f"http://{settings.host}:{port}"
        if settings.challenge_request_url:
            await _challenge(workspace)
        yield RunningWorkspace(url=workspace.url, port=port, settings=settings, workspace=workspace)
    finally:
        await runner.cleanup()


async def _challenge(workspace: Workspace) -> None:
    if workspace.http is not None and not await workspace.http.challenge(
        token=workspace.ids.token(), timeout=workspace.settings.ack_timeout
    ):
        raise RequestUrlError(
            f"{workspace.settings.request_url} did not answer the challenge (url_verification)"
        )

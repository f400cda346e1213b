"""The local workspace for a benchmark: as `switchback sandbox`, and it gives out trigger ids in advance.

    GET /benchmark/triggers?count=N   N new trigger ids, one a line
    GET /benchmark/opened             how many modals were opened until now

A load generator signs its own requests, so it needs triggers that no press in the page made. They
live longer here than Slack's 3 s, because a round is prepared before it begins; each works once.
"""

import asyncio
import gc

from aiohttp import web

from benchmarks.serving import serve
from bot.sandbox.clock import RandomIds, SystemClock
from bot.sandbox.server import WORKSPACE, create_app
from bot.sandbox.settings import WorkspaceSettings

TRIGGER_SECONDS = 120.0
PERSON = "U0ONCALL"


def application() -> web.Application:
    """The workspace with the two routes more."""
    settings = WorkspaceSettings(port=0, trigger_lifetime=TRIGGER_SECONDS)
    app = create_app(settings, SystemClock(), RandomIds())
    workspace = app[WORKSPACE]
    opened = 0

    def changed(_user: str) -> None:
        nonlocal opened
        opened += 1

    async def triggers(request: web.Request) -> web.Response:
        issued = [workspace.triggers.issue(user=PERSON) for _ in range(int(request.query["count"]))]
        return web.Response(text="\n".join(issued))

    async def count(_request: web.Request) -> web.Response:
        return web.Response(text=str(opened))

    workspace.views.on_change(changed)
    app.add_routes([web.get("/benchmark/triggers", triggers), web.get("/benchmark/opened", count)])
    return app


if __name__ == "__main__":
    # A pause of the workspace would be counted as one of whoever waits for its answer.
    gc.disable()
    asyncio.run(serve(application()))

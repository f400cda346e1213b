"""The front door of planwise: sends each request to legacy or to new, as data/routing.json says.

    python examples/planwise/router.py

The file holds {"primary": "legacy"} or {"primary": "new"} and is read for every request, so a change
counts at once. Each answer says in X-Served-By who gave it. /admin is not reachable through here.
"""

import argparse
import json
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "host"}
DECODED = {"content-encoding", "content-length"}
UPSTREAM_TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True)
class Routes:
    """The routing file, and where each system is."""

    routing: Path
    systems: Mapping[str, URL]

    def primary(self) -> str:
        """Who serves now. Raises OSError or ValueError when the file does not say."""
        document = json.loads(self.routing.read_text(encoding="utf-8"))
        primary = document.get("primary") if isinstance(document, dict) else None
        if primary not in self.systems:
            raise ValueError(f"primary is neither of {', '.join(self.systems)}")
        return str(primary)


ROUTES = web.AppKey("routes", Routes)
SESSION = web.AppKey("session", aiohttp.ClientSession)


async def forward(request: web.Request) -> web.Response:
    """The same request to the primary, and its answer."""
    if request.path == "/admin" or request.path.startswith("/admin/"):
        return web.json_response({"error": "not reachable through the router"}, status=404)
    routes = request.app[ROUTES]
    try:
        primary = routes.primary()
    except (OSError, ValueError) as error:
        return web.json_response({"error": f"{routes.routing.name}: {error}"}, status=503)
    # Path and query only: the address is never the client's to choose.
    target = routes.systems[primary].with_path(request.rel_url.raw_path, encoded=True)
    target = target.with_query(request.rel_url.query)
    headers = CIMultiDict(item for item in request.headers.items() if item[0].lower() not in HOP_BY_HOP)
    try:
        async with request.app[SESSION].request(
            request.method, target, headers=headers, data=await request.read(), allow_redirects=False
        ) as answer:
            passed_on = CIMultiDict(
                item for item in answer.headers.items() if item[0].lower() not in HOP_BY_HOP | DECODED
            )
            passed_on["X-Served-By"] = primary
            return web.Response(status=answer.status, headers=passed_on, body=await answer.read())
    except (aiohttp.ClientError, TimeoutError):
        problem = {"error": f"{primary} does not answer"}
        return web.json_response(problem, status=502, headers={"X-Served-By": primary})


async def client_session(app: web.Application) -> AsyncIterator[None]:
    """One client session for the life of the router."""
    async with aiohttp.ClientSession(timeout=UPSTREAM_TIMEOUT) as session:
        app[SESSION] = session
        yield


def application(routes: Routes) -> web.Application:
    """The router, not listening yet."""
    app = web.Application()
    app[ROUTES] = routes
    app.cleanup_ctx.append(client_session)
    app.router.add_route("*", "/{path:.*}", forward)
    return app


def main() -> int:
    """Route on the loopback until interrupted. Exit 2: the port is taken."""
    parser = argparse.ArgumentParser(description="Route requests to planwise, legacy or new, on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8713)
    parser.add_argument("--legacy", type=URL, default=URL("http://127.0.0.1:8711"))
    parser.add_argument("--new", type=URL, default=URL("http://127.0.0.1:8712"))
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data")
    given = parser.parse_args()
    routes = Routes(given.data / "routing.json", {"legacy": given.legacy, "new": given.new})
    try:
        web.run_app(application(routes), host="127.0.0.1", port=given.port, access_log=None)
    except OSError as error:
        sys.stderr.write(f"Port {given.port} cannot be used ({error.strerror}); choose another with --port\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

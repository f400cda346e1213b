"""What the club's services have in common: bodies that are checked, and answers when something is broken."""

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

HOST = "127.0.0.1"
DATA = web.AppKey("data", Path)
NOW: web.AppKey[Callable[[], datetime]] = web.AppKey("now")


def refused(status: int, why: str) -> web.HTTPException:
    """An answer that says why not, as JSON."""
    kinds = {400: web.HTTPBadRequest, 404: web.HTTPNotFound, 409: web.HTTPConflict, 410: web.HTTPGone}
    kind = kinds.get(status, web.HTTPServiceUnavailable)
    return kind(text=json.dumps({"error": why}), content_type="application/json")


async def body(request: web.Request, **wanted: type | tuple[object, ...]) -> dict[str, object]:
    """The JSON of a request, which has exactly these keys, each of its type or one of its values."""
    try:
        document = await request.json()
    except ValueError:
        document = None
    if isinstance(document, dict) and document.keys() == wanted.keys():
        fits = (
            type(document[key]) is kind if isinstance(kind, type) else document[key] in kind
            for key, kind in wanted.items()
        )
        if all(fits):
            return document
    form = ", ".join(
        f"{key}: {kind.__name__ if isinstance(kind, type) else ' | '.join(map(str, kind))}"
        for key, kind in wanted.items()
    )
    raise refused(400, f"send {{{form}}}")


def connected(request: web.Request, system: str, *, writing: bool = False) -> "closing[sqlite3.Connection]":
    """The database of a system, read only unless `writing`; commits as it goes."""
    mode = "rw" if writing else "ro"
    path = f"file:{request.app[DATA] / system}.db?mode={mode}"
    return closing(sqlite3.connect(path, uri=True, isolation_level=None))


def count(request: web.Request, system: str, query: str) -> int:
    """The number that a query gives."""
    with connected(request, system) as connection:
        return int(connection.execute(query).fetchone()[0])


@web.middleware
async def broken(request: web.Request, handler: Handler) -> web.StreamResponse:
    """503 with the reason while a database or a switch cannot be read."""
    try:
        return await handler(request)
    except (sqlite3.Error, OSError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=503)


def serve(application: Callable[[Path], web.Application], *, what: str, port: int) -> int:
    """Serve on the loopback until interrupted. Exit 2: the port is taken."""
    parser = argparse.ArgumentParser(description=f"Serve {what} on {HOST}.")
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data")
    given = parser.parse_args()
    try:
        web.run_app(application(given.data), host=HOST, port=given.port, access_log=None)
    except OSError as error:
        sys.stderr.write(f"Port {given.port} cannot be used ({error.strerror}); choose another with --port\n")
        return 2
    return 0

"""A small HTTP service over one of the two databases: planwise, legacy or new.

    python examples/planwise/service.py new

GET /health, GET /employees/count, GET and PUT /admin/access with {"open": false}. While access is
switched off everything but /health and /admin answers 503. The switch is a file in the data folder, read
for every request, so it outlives the process.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

COUNTS = {
    "legacy": "SELECT COUNT(*) FROM employees WHERE status = 'A'",
    "new": "SELECT COUNT(*) FROM employees WHERE active_flag = true",
}
PORTS = {"legacy": 8711, "new": 8712}


@dataclass(frozen=True)
class Planwise:
    """One of the two systems; `data` is the folder of its database and its switch."""

    system: str
    data: Path

    @property
    def switch(self) -> Path:
        """The file with the state of access."""
        return self.data / f"{self.system}-access.json"

    def is_open(self) -> bool:
        """Whether people may use it: yes, unless the file says otherwise."""
        if not self.switch.exists():
            return True
        return bool(json.loads(self.switch.read_text(encoding="utf-8")) == {"open": True})

    def set_open(self, is_open: bool) -> None:
        """Switch access, in one move that a crash cannot leave half done."""
        written = self.switch.with_suffix(".tmp")
        written.write_text(json.dumps({"open": is_open}) + "\n", encoding="utf-8")
        written.replace(self.switch)

    def one_number(self, sql: str) -> int:
        """The number a query gives, read only. Raises sqlite3.Error."""
        database = quote(str(self.data / f"{self.system}.db"))
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute(sql).fetchone()[0])


SERVED = web.AppKey("served", Planwise)


async def health(request: web.Request) -> web.Response:
    """Up, and its database can be read."""
    served = request.app[SERVED]
    await asyncio.to_thread(served.one_number, "SELECT EXISTS (SELECT 1 FROM employees)")
    return web.json_response({"system": served.system, "status": "ok"})


async def employees_count(request: web.Request) -> web.Response:
    """How many employees are active."""
    served = request.app[SERVED]
    active = await asyncio.to_thread(served.one_number, COUNTS[served.system])
    return web.json_response({"system": served.system, "active": active})


async def read_access(request: web.Request) -> web.Response:
    """Whether people may use it."""
    served = request.app[SERVED]
    return web.json_response({"system": served.system, "open": served.is_open()})


async def change_access(request: web.Request) -> web.Response:
    """Switch access on or off; doing it twice is the same as doing it once."""
    try:
        document = await request.json()
    except ValueError:
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("open"), bool) or len(document) != 1:
        return web.json_response({"error": 'send {"open": true} or {"open": false}'}, status=400)
    request.app[SERVED].set_open(document["open"])
    return await read_access(request)


@web.middleware
async def closed_or_broken(request: web.Request, handler: Handler) -> web.StreamResponse:
    """503 while access is off, and while the database or the switch cannot be read."""
    served = request.app[SERVED]
    try:
        always = request.path == "/health" or request.path.startswith("/admin/")
        if not always and not served.is_open():
            return web.json_response({"error": f"access to {served.system} is switched off"}, status=503)
        return await handler(request)
    except (sqlite3.Error, OSError, json.JSONDecodeError) as error:
        return web.json_response({"system": served.system, "error": str(error)}, status=503)


def application(served: Planwise) -> web.Application:
    """The service, not listening yet."""
    app = web.Application(middlewares=[closed_or_broken])
    app[SERVED] = served
    app.router.add_get("/health", health)
    app.router.add_get("/employees/count", employees_count)
    app.router.add_get("/admin/access", read_access)
    app.router.add_put("/admin/access", change_access)
    return app


def main() -> int:
    """Serve on the loopback until interrupted. Exit 2: the port is taken."""
    parser = argparse.ArgumentParser(description="Serve planwise, legacy or new, on 127.0.0.1.")
    parser.add_argument("system", choices=sorted(COUNTS))
    parser.add_argument("--port", type=int, help="default 8711 for legacy, 8712 for new")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data")
    given = parser.parse_args()
    port = PORTS[given.system] if given.port is None else given.port
    try:
        web.run_app(
            application(Planwise(given.system, given.data)), host="127.0.0.1", port=port, access_log=None
        )
    except OSError as error:
        sys.stderr.write(f"Port {port} cannot be used ({error.strerror}); choose another with --port\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

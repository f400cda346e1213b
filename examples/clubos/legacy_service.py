"""The club's legacy system over data/legacy.db, with the switch for its write access.

    python examples/clubos/legacy_service.py

GET /health, GET /members/count, POST /registrations, PUT /members/NUMBER/contact; for operators GET and
PUT /admin/writes with {"writes": "open"}, closed or retired, PUT /admin/import, and GET /mail. While writes
are closed everybody still reads; once it is retired all but /admin answers 410.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from examples.clubos.club import written
from examples.clubos.contacts import contact_changed
from examples.clubos.importing import take_in
from examples.clubos.serving import DATA, NOW, body, broken, connected, count, refused, serve
from examples.clubos.switches import STATES, Writes

ACTIVE = "SELECT COUNT(*) FROM members WHERE status = 'A'"


def _writable(request: web.Request) -> None:
    if not Writes(request.app[DATA]).is_open:
        raise refused(503, "legacy is read-only")


async def health(request: web.Request) -> web.Response:
    """Up, its database can be read, and whether it takes writes."""
    count(request, "legacy", ACTIVE)
    state = Writes(request.app[DATA]).state
    return web.json_response({"system": "legacy", "status": "ok", "writes": state})


async def members_count(request: web.Request) -> web.Response:
    """How many members are active."""
    return web.json_response({"system": "legacy", "active": count(request, "legacy", ACTIVE)})


async def read_writes(request: web.Request) -> web.Response:
    """Whether it takes writes."""
    return web.json_response({"writes": Writes(request.app[DATA]).state})


async def change_writes(request: web.Request) -> web.Response:
    """Switch it; doing it twice is the same as doing it once."""
    writes = Writes(request.app[DATA])
    given = await body(request, writes=STATES)
    if writes.is_retired:
        raise refused(410, "legacy is retired, for good")
    writes.set(next(state for state in STATES if state == given["writes"]))
    return await read_writes(request)


async def register(request: web.Request) -> web.Response:
    """Book a place at an event."""
    _writable(request)
    given = await body(request, event_no=int, member_no=int)
    with connected(request, "legacy", writing=True) as connection:
        number = connection.execute(
            "INSERT INTO registrations (event_no, member_no, state, modified_at) VALUES (?, ?, 'booked', ?)",
            (given["event_no"], given["member_no"], written(request.app[NOW]())),
        ).lastrowid
    return web.json_response({"reg_no": number}, status=201)


async def change_contact(request: web.Request) -> web.Response:
    """Enter a member's new e-mail address or telephone number, and log it."""
    _writable(request)
    return await contact_changed(request, "legacy", number="member_no")


async def import_export(request: web.Request) -> web.Response:
    """Take in what was exported from the new system; twice is the same as once."""
    _writable(request)
    return web.json_response({"imported": take_in(request.app[DATA])})


async def mail(request: web.Request) -> web.Response:
    """The e-mails that the club sent to its members: each file of data/mail is one, and goes to everybody.

    Nothing leaves this machine.
    """
    sent = []
    for path in sorted((request.app[DATA] / "mail").glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        sent.append({"id": path.stem, "subject": document["subject"], "to": count(request, "legacy", ACTIVE)})
    return web.json_response({"sent": sent})


@web.middleware
async def gone(request: web.Request, handler: Handler) -> web.StreamResponse:
    """410 for everything but the switch, once legacy is retired."""
    if not request.path.startswith("/admin/") and Writes(request.app[DATA]).is_retired:
        raise refused(410, "legacy is retired")
    return await handler(request)


def application(data: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> web.Application:
    """The service, not listening yet."""
    app = web.Application(middlewares=[broken, gone])
    app[DATA] = data
    app[NOW] = now
    app.router.add_get("/health", health)
    app.router.add_get("/members/count", members_count)
    app.router.add_post("/registrations", register)
    app.router.add_put(r"/members/{number:\d+}/contact", change_contact)
    app.router.add_get("/admin/writes", read_writes)
    app.router.add_put("/admin/writes", change_writes)
    app.router.add_put("/admin/import", import_export)
    app.router.add_get("/mail", mail)
    return app


if __name__ == "__main__":
    sys.exit(serve(application, what="the club's legacy system", port=8731))

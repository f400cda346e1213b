"""The club's new system over data/new.db: for members, for operators, and its chatbot.

    python examples/clubos/new_service.py

GET /members/count, POST /registrations and PUT /members/NUMBER/contact answer 503 unless the new system is
open for who asks (an operator says so in the header X-Operator). Registrations are legacy's until the
cutover; contact changes are taken from the day that members may use it. What operators switch is under
/admin, see `administration.py`; the chatbot is `chatbot.py`. It syncs with legacy every hour.
"""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from examples.clubos import administration, chatbot
from examples.clubos.club import FIRST_OWN, written
from examples.clubos.contacts import contact_changed
from examples.clubos.serving import DATA, NOW, body, broken, connected, count, refused, serve
from examples.clubos.switches import Access, Authority
from examples.clubos.sync import sync

ACTIVE = "SELECT COUNT(*) FROM members WHERE active"
SYNC_EVERY = 3600.0


def _admitted(request: web.Request) -> None:
    access = Access(request.app[DATA])
    if not access.admits(operator="X-Operator" in request.headers):
        raise refused(503, f"the new system is open for {access.audience}")


async def health(request: web.Request) -> web.Response:
    """Up, and its database can be read."""
    count(request, "new", ACTIVE)
    return web.json_response({"system": "new", "status": "ok"})


async def authority(request: web.Request) -> web.Response:
    """200 when the new system is authoritative, 409 while legacy is."""
    if Authority(request.app[DATA]).is_new:
        return web.json_response({"authoritative": "new"})
    raise refused(409, "legacy is authoritative")


async def members_count(request: web.Request) -> web.Response:
    """How many members are active."""
    _admitted(request)
    return web.json_response({"system": "new", "active": count(request, "new", ACTIVE)})


async def register(request: web.Request) -> web.Response:
    """Book a place at an event, from the cutover on."""
    _admitted(request)
    if not Authority(request.app[DATA]).is_new:
        raise refused(409, "registrations are taken by legacy until the cutover")
    given = await body(request, event_id=int, member_id=int)
    with connected(request, "new", writing=True) as connection:
        number = connection.execute(
            "INSERT INTO registrations SELECT max(?, 1 + max(registration_id)), ?, ?, true, ?"
            " FROM registrations",
            (FIRST_OWN + 1, given["event_id"], given["member_id"], written(request.app[NOW]())),
        ).lastrowid
    return web.json_response({"registration_id": number}, status=201)


async def change_contact(request: web.Request) -> web.Response:
    """Enter a member's new e-mail address or telephone number, and log it."""
    _admitted(request)
    return await contact_changed(request, "new", number="member_id")


async def _every_hour(app: web.Application) -> AsyncIterator[None]:
    """Sync with legacy for the life of the service, at its start too."""

    async def syncing() -> None:
        while True:
            # Its own database may be away; the next hour is another chance.
            with suppress(sqlite3.Error, OSError, ValueError):
                await asyncio.to_thread(sync, app[DATA], now=app[NOW]())
            await asyncio.sleep(SYNC_EVERY)

    task = asyncio.create_task(syncing())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def application(data: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> web.Application:
    """The service, not listening yet, and without the hourly sync."""
    app = web.Application(middlewares=[broken])
    app[DATA] = data
    app[NOW] = now
    app.router.add_get("/health", health)
    app.router.add_get("/authority", authority)
    app.router.add_get("/members/count", members_count)
    app.router.add_post("/registrations", register)
    app.router.add_put(r"/members/{number:\d+}/contact", change_contact)
    administration.routes(app)
    chatbot.routes(app)
    return app


def syncing_application(data: Path) -> web.Application:
    """The service with its hourly sync."""
    app = application(data)
    app.cleanup_ctx.append(_every_hour)
    return app


if __name__ == "__main__":
    sys.exit(serve(syncing_application, what="the club's new system", port=8732))

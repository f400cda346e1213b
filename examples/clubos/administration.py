"""What operators switch in the new system. Each change is a line of its audit log.

PUT /admin/access with {"for": "members"}, operators or nobody; PUT /admin/authority with {"system": "new"},
legacy, or again (as it was before it was given back); PUT /admin/sync with {"kind": "full"} or incremental;
PUT /admin/restore-test. GET tells what access and authority are.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from aiohttp import web

from examples.clubos.club import written
from examples.clubos.serving import DATA, NOW, body, connected, refused
from examples.clubos.switches import AUDIENCES, Access, Authority
from examples.clubos.sync import sync


def _logged(request: web.Request, what: str) -> None:
    with connected(request, "new", writing=True) as connection:
        now = written(request.app[NOW]())
        connection.execute("INSERT INTO audit_log (at, what) VALUES (?, ?)", (now, what))


async def read_access(request: web.Request) -> web.Response:
    """For whom the new system is open."""
    return web.json_response({"for": Access(request.app[DATA]).audience})


async def change_access(request: web.Request) -> web.Response:
    """Switch it; doing it twice is the same as doing it once."""
    given = await body(request, **{"for": AUDIENCES})
    Access(request.app[DATA]).set(next(one for one in AUDIENCES if one == given["for"]))
    _logged(request, f"open for {given['for']}")
    return await read_access(request)


async def read_authority(request: web.Request) -> web.Response:
    """Which system is right where both differ."""
    return web.json_response({"system": "new" if Authority(request.app[DATA]).is_new else "legacy"})


async def change_authority(request: web.Request) -> web.Response:
    """Switch it; the moment at which the new system becomes authoritative is kept, and is not moved by
    a second request."""
    given, authority = await body(request, system=("new", "legacy", "again")), Authority(request.app[DATA])
    if given["system"] == "legacy":
        authority.set(new=False, since=authority.since)
    elif given["system"] == "again" and authority.since:
        authority.set(new=True, since=authority.since)
    elif given["system"] == "again":
        raise refused(409, "the new system was never authoritative")
    elif not authority.is_new:
        authority.set(new=True, since=written(request.app[NOW]()))
    _logged(request, f"authority: {given['system']}")
    return await read_authority(request)


async def begin_sync(request: web.Request) -> web.Response:
    """One sync job, here and now. 503 when it failed, 409 when legacy is behind."""
    given = await body(request, kind=("incremental", "full"))
    full = given["kind"] == "full"
    synced = await asyncio.to_thread(sync, request.app[DATA], now=request.app[NOW](), full=full)
    if synced is None:
        raise refused(409, "the new system is authoritative: nothing is pulled from legacy")
    if synced.problem:
        raise refused(503, synced.problem)
    return web.json_response({"status": synced.status, "rows": synced.rows})


async def restore_test(request: web.Request) -> web.Response:
    """Restore the newest backup of data/backups beside the database, and compare it with that."""
    data = request.app[DATA]
    backups = sorted((data / "backups").glob("new-*.db"), key=lambda path: path.stat().st_mtime)
    if not backups:
        raise refused(404, "there is no backup")
    restored = data / "restored.db"
    with closing(sqlite3.connect(backups[-1])) as source, closing(sqlite3.connect(restored)) as target:
        source.backup(target)
    same = _content(restored) == _content(data / "new.db")
    restored.unlink()
    return web.json_response({"restored": backups[-1].name, "same": same})


def _content(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return [line for line in connection.iterdump() if "audit_log" not in line]


def routes(app: web.Application) -> None:
    """Add them to the service."""
    app.router.add_get("/admin/access", read_access)
    app.router.add_put("/admin/access", change_access)
    app.router.add_get("/admin/authority", read_authority)
    app.router.add_put("/admin/authority", change_authority)
    app.router.add_put("/admin/sync", begin_sync)
    app.router.add_put("/admin/restore-test", restore_test)

"""A member's new address or telephone number, entered in either system."""

from aiohttp import web

from examples.clubos.club import written
from examples.clubos.serving import NOW, body, connected, refused


async def contact_changed(request: web.Request, system: str, *, number: str) -> web.Response:
    """Enter it, and log it; `number` is the column that has the member's number in this system."""
    given = await body(request, field=("email", "phone"), value=str)
    member, now = int(request.match_info["number"]), written(request.app[NOW]())
    column = "email" if given["field"] == "email" else "phone"
    with connected(request, system, writing=True) as connection:
        connection.execute("BEGIN IMMEDIATE")
        done = connection.execute(
            f"UPDATE members SET {column} = ?, modified_at = ? WHERE {number} = ?",
            (given["value"], now, member),
        )
        if done.rowcount == 0:
            raise refused(404, f"there is no member {member}")
        (lines,) = connection.execute("SELECT COUNT(*) FROM contact_changes").fetchone()
        connection.execute(
            "INSERT INTO contact_changes VALUES (?, ?, ?, ?, ?, ?)",
            (f"{system[0]}-{lines + 1000}", member, column, given["value"], system, now),
        )
        connection.execute("COMMIT")
    return web.json_response({number: member, column: given["value"]})

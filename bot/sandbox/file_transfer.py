"""Files by HTTP: their bytes come in at upload URLs, and go out at their links."""

from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.sandbox.json_values import JsonObject, as_text
from bot.sandbox.lost_answer import cut
from bot.sandbox.persistence import StoredFile
from bot.sandbox.workspace import Workspace

#: What an upload is called in the faults and in the log of calls: it is no method of the Web API.
UPLOAD = "upload"


def upload_url(workspace: Workspace, ticket: str) -> str:
    """Where the bytes of an announced file are sent to, once."""
    return f"{workspace.url}/upload/v1/{ticket}"


def file_object(workspace: Workspace, file: StoredFile) -> JsonObject:
    """Slack's file object, with its links."""
    name = quote(as_text(file.body["name"]), safe="")
    place = f"{workspace.url}/files-pri/{workspace.seed.team_id}-{file.id}"
    return {
        **file.body,
        "url_private": f"{place}/{name}",
        "url_private_download": f"{place}/download/{name}",
        "permalink": f"{workspace.url}/files/{as_text(file.body['user'])}/{file.id}/{name}",
    }


class FileTransfer:
    """Takes uploads, and serves files. Slack asks for a token at its links; here nobody has to sign in."""

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        """The routes of uploads and of links."""
        return [
            web.post("/upload/v1/{ticket}", self.upload),
            web.get("/files-pri/{team}-{id}/download/{name}", self.download),
            web.get("/files-pri/{team}-{id}/{name}", self.download),
            web.get("/files/{user}/{id}/{name}", self.download),
        ]

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, raw or as a form, exactly as many as were announced."""
        ticket = request.match_info["ticket"]
        faults = self._workspace.faults
        mode = faults.mode_of(UPLOAD)
        if mode == "hang":
            self._note(error="hang")
            await faults.hang()
            return cut(request)
        if mode in ("500", "429"):
            self._note(error=f"http_{mode}")
            return web.Response(status=int(mode), text="error")
        awaited = self._workspace.files.awaited(ticket)
        if awaited is None:
            self._note(error="no_such_ticket")
            return web.Response(status=404, text="no such upload")
        data = await _bytes_of(request, most=awaited.length)
        if data is None or len(data) != awaited.length:
            self._note(error="wrong_length")
            return web.Response(status=400, text=f"{awaited.length} bytes were announced")
        self._workspace.files.receive(ticket, data)
        self._note(error=None)
        return cut(request) if mode == "drop_after" else web.Response(text=f"OK - {len(data)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file, to be saved: never shown, because it may be a page with scripts."""
        file = self._workspace.files.find(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound(text="there is no such file")
        kind = as_text(file.body["mimetype"])
        name = quote(as_text(file.body["name"]), safe="")
        return web.Response(
            body=file.data,
            headers={
                "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _note(self, *, error: str | None) -> None:
        self._workspace.log.call(method=UPLOAD, arguments={}, error=error)


async def _bytes_of(request: web.Request, *, most: int) -> bytes | None:
    """What was sent, of a form its first file; None when it is more than `most`."""
    read = request.content.readany
    if request.content_type == "multipart/form-data":
        part = await (await request.multipart()).next()
        if not isinstance(part, BodyPartReader):
            return None
        read = part.read_chunk
    data = bytearray()
    while chunk := await read():
        data += chunk
        if len(data) > most:
            return None
    return bytes(data)

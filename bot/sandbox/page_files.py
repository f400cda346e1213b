"""The page's built files."""

from pathlib import Path

from aiohttp import web

_NOT_BUILT = (
    "The page of the local workspace is not built: {path} is missing.\n"
    "The workspace itself works; its API is below /api/.\n"
)


class PageFiles:
    """Serves index.html at / and the files below /assets/."""

    def __init__(self, *, folder: Path) -> None:
        self._folder = folder.resolve()

    def routes(self) -> list[web.RouteDef]:
        """The routes of the page."""
        return [
            web.get("/", self.index),
            web.get("/assets/{path:.+}", self.asset),
            web.get("/archives/{path:.+}", self.index),
        ]

    async def index(self, request: web.Request) -> web.StreamResponse:
        del request
        path = self._folder / "index.html"
        if not path.is_file():
            return web.Response(status=404, text=_NOT_BUILT.format(path=path))
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def asset(self, request: web.Request) -> web.StreamResponse:
        folder = self._folder / "assets"
        path = (folder / request.match_info["path"]).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path)

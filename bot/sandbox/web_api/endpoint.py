"""Answers the calls below /api/: token, scope, limits and faults first, then the method."""

import re

from aiohttp import web

from bot.sandbox.json_values import JsonObject, dump
from bot.sandbox.lost_answer import cut
from bot.sandbox.web_api import auth, chat, conversations, files, users, views
from bot.sandbox.web_api.arguments import Arguments, read_arguments
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.web_api.errors import ApiError
from bot.sandbox.web_api.scopes import check_scope
from bot.sandbox.workspace import Workspace

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}

#: Methods of the app-level token; every other one takes the bot token.
_APP_TOKEN_METHODS = frozenset({"apps.connections.open"})

#: Seconds a client is told to wait when HTTP 429 is a fault that was switched on.
_FAULT_RETRY_AFTER = 1


class WebApi:
    """The Web API of one workspace."""

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        name = request.match_info["method"]
        arguments = Arguments({})
        mode = self._workspace.faults.mode_of(name)
        try:
            arguments = await read_arguments(request)
            if mode == "hang":
                self._note(name, arguments, "hang")
                await self._workspace.faults.hang()
                return cut(request)
            if mode == "500":
                self._note(name, arguments, "http_500")
                return web.Response(status=500, text="internal error")
            if mode == "429":
                raise ApiError("ratelimited", retry_after=_FAULT_RETRY_AFTER)
            answer = await self._answer(name, request, arguments)
        except ApiError as error:
            self._note(name, arguments, error.code)
            return self._respond(error.as_object(), retry_after=error.retry_after)
        self._note(name, arguments, None)
        if mode == "drop_after":
            return cut(request)
        return self._respond(answer)

    async def _answer(self, name: str, request: web.Request, arguments: Arguments) -> JsonObject:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", details={"req_method": name})
        self._check_token(name, _token(request, arguments))
        check_scope(self._workspace.manifest, name)
        if self._workspace.faults.rate_limits:
            wait = self._workspace.limits.take(method=name, channel=self._channel_of(arguments))
            if wait:
                raise ApiError("ratelimited", retry_after=wait)
        call = Call(workspace=self._workspace, arguments=arguments)
        return {"ok": True, **await method(call)}

    def _check_token(self, name: str, token: str | None) -> None:
        settings = self._workspace.settings
        if token is None:
            raise ApiError("not_authed")
        if token not in (settings.bot_token, settings.app_token):
            raise ApiError("invalid_auth")
        wanted = settings.app_token if name in _APP_TOKEN_METHODS else settings.bot_token
        if token != wanted:
            raise ApiError("not_allowed_token_type")

    def _channel_of(self, arguments: Arguments) -> str | None:
        reference = arguments.text("channel")
        channel = self._workspace.directory.channel(reference) if reference else None
        return channel.id if channel else reference

    def _respond(self, body: JsonObject, *, retry_after: int | None = None) -> web.Response:
        headers = {"x-slack-req-id": self._workspace.ids.token().lower()}
        scopes = self._workspace.manifest.scopes
        if scopes is not None:
            headers["x-oauth-scopes"] = ",".join(sorted(scopes))
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return web.Response(
            text=dump(body),
            status=200 if retry_after is None else 429,
            content_type="application/json",
            headers=headers,
        )

    def _note(self, name: str, arguments: Arguments, error: str | None) -> None:
        self._workspace.log.call(method=name, arguments=arguments.values, error=error)


def _token(request: web.Request, arguments: Arguments) -> str | None:
    match = re.fullmatch(r"Bearer\s+(\S+)", request.headers.get("Authorization", ""))
    return match.group(1) if match else arguments.text("token")

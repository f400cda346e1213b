"""What the page calls: its state, its socket, and what people do on it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.sandbox.delivery import Receipt
from bot.sandbox.directory import Channel
from bot.sandbox.interactions.commands import run_command
from bot.sandbox.interactions.events import open_home, say
from bot.sandbox.interactions.presses import Press, press_in_message, press_in_view
from bot.sandbox.interactions.refusal import RefusedError
from bot.sandbox.interactions.shortcuts import run_shortcut
from bot.sandbox.interactions.submissions import close, submit
from bot.sandbox.json_values import JsonObject, dump
from bot.sandbox.page_requests import (
    CloseRequest,
    CommandRequest,
    HomeRequest,
    MessageContainer,
    MessageRequest,
    PageRequest,
    PressRequest,
    ShortcutRequest,
    SubmitRequest,
)
from bot.sandbox.page_state import page_state
from bot.sandbox.workspace import Workspace

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageApi:
    """The page API of one workspace."""

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        """The routes below /_page/."""
        return [
            web.get("/_page/state", self.state),
            web.get("/_page/socket", self.socket),
            web.post("/_page/command", self.command),
            web.post("/_page/message", self.message),
            web.post("/_page/press", self.press),
            web.post("/_page/submit", self.submit),
            web.post("/_page/close", self.close),
            web.post("/_page/shortcut", self.shortcut),
            web.post("/_page/home", self.home),
        ]

    async def state(self, request: web.Request) -> web.StreamResponse:
        # A page that is opened for the first time does not know anybody yet.
        user = request.query.get("user") or self._workspace.seed.people[0].id
        return respond(page_state(self._workspace, user=self._person(user)))

    async def socket(self, request: web.Request) -> web.StreamResponse:
        user = self._person(request.query.get("user"))
        return await self._workspace.pages.serve(request, user=user)

    async def command(self, request: web.Request) -> web.StreamResponse:
        asked = await self._read(request, CommandRequest)
        channel = self._channel(asked.channel, user=asked.user)
        if asked.thread_ts:
            # Slack's own client says this and sends nothing.
            raise RefusedError("slash commands do not work in threads")
        receipt = await run_command(self._workspace, user=asked.user, channel=channel, text=asked.text)
        return _receipt_response(receipt)

    async def message(self, request: web.Request) -> web.StreamResponse:
        asked = await self._read(request, MessageRequest)
        message = say(
            self._workspace,
            user=asked.user,
            channel=self._channel(asked.channel, user=asked.user),
            text=asked.text,
            thread_ts=asked.thread_ts,
        )
        # Events go out in the background: nobody waits for their acknowledgement.
        delivered = self._workspace.delivery.connected > 0
        return respond({"delivered": delivered, "acknowledged": False, "elapsed_ms": 0.0, "ts": message.ts})

    async def press(self, request: web.Request) -> web.StreamResponse:
        asked = await self._read(request, PressRequest)
        press = Press(
            user=asked.user,
            action_id=asked.action_id,
            type=asked.type,
            block_id=asked.block_id,
            fields=dict(asked.__pydantic_extra__ or {}),
            values=dict(asked.state.values),
        )
        if isinstance(asked.container, MessageContainer):
            channel = self._channel(asked.container.channel, user=asked.user)
            receipt = await press_in_message(
                self._workspace, press, channel=channel.id, ts=asked.container.ts
            )
        else:
            receipt = await press_in_view(self._workspace, press, view_id=asked.container.view_id)
        return _receipt_response(receipt)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        asked = await self._read(request, SubmitRequest)
        receipt = await submit(
            self._workspace,
            user=asked.user,
            view_id=asked.view_id,
            values=dict(asked.state.values),
        )
        return _receipt_response(receipt)

    async def close(self, request: web.Request) -> web.StreamResponse:
        asked = await self._read(request, CloseRequest)
        return _receipt_response(await close(self._workspace, user=asked.user, view_id=asked.view_id))

    async def shortcut(self, request: web.Request) -> web.StreamResponse:
        asked = await self._read(request, ShortcutRequest)
        receipt = await run_shortcut(
            self._workspace,
            user=asked.user,
            callback_id=asked.callback_id,
            channel=asked.channel,
            message_ts=asked.message_ts,
        )
        return _receipt_response(receipt)

    async def home(self, request: web.Request) -> web.StreamResponse:
        asked = await self._read(request, HomeRequest)
        open_home(self._workspace, user=asked.user)
        delivered = self._workspace.delivery.connected > 0
        return respond({"delivered": delivered, "acknowledged": False, "elapsed_ms": 0.0})

    async def _read(self, request: web.Request, model: type[Model]) -> Model:
        asked = await read_body(request, model)
        if isinstance(asked, PageRequest):
            self._person(asked.user)
        return asked

    def _person(self, user: str | None) -> str:
        if user is None or self._workspace.directory.person(user) is None:
            raise RefusedError(f"there is no person {user}")
        return user

    def _channel(self, reference: str, *, user: str) -> Channel:
        channel = self._workspace.directory.channel(reference)
        if channel is None or channel.im_user not in (None, user):
            raise RefusedError(f"there is no channel {reference}")
        return channel


async def read_body(request: web.Request, model: type[Model]) -> Model:
    """A request's body as a model. Raises RefusedError, which says what is wrong."""
    try:
        return model.model_validate_json(await request.text() or "{}")
    except ValidationError as error:
        reasons = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise RefusedError("; ".join(reasons)) from None


def respond(content: JsonObject, *, status: int = 200) -> web.Response:
    """A JSON response."""
    return web.Response(text=dump(content), status=status, content_type="application/json")


@web.middleware
async def refusals_as_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what was refused with HTTP 400 and its reason."""
    try:
        return await handler(request)
    except RefusedError as error:
        return respond({"error": str(error)}, status=400)


def _receipt_response(receipt: Receipt) -> web.Response:
    content: JsonObject = {
        "delivered": receipt.delivered,
        "acknowledged": receipt.acknowledged,
        "elapsed_ms": round(receipt.elapsed * 1000, 3),
    }
    if receipt.error is not None:
        content["error"] = receipt.error
    if receipt.response is not None:
        content["response"] = receipt.response
        if receipt.response.get("response_action") == "errors":
            content["errors"] = receipt.response.get("errors")
    return respond(content)

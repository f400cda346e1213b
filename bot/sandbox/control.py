"""Faults, cuts and the log: what tests and the demo steer a workspace with."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.sandbox.faults import ApiMode, FailMode, FailNext
from bot.sandbox.page_api import read_body, respond
from bot.sandbox.workspace import Workspace


class _FailNextRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str
    count: int = Field(default=1, ge=1)
    mode: FailMode


class _FaultsRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rate_limits: bool | None = None
    api: ApiMode | None = None
    fail_next: _FailNextRequest | None = None
    duplicate_deliveries: bool | None = None
    late_seconds: float | None = Field(default=None, ge=0)


class _DisconnectRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Literal["warning", "refresh_requested", "hard"]


class Control:
    """The control API of one workspace."""

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        """The routes below /_control/."""
        return [
            web.post("/_control/faults", self.faults),
            web.post("/_control/disconnect", self.disconnect),
            web.post("/_control/reset", self.reset),
            web.get("/_control/log", self.log),
        ]

    async def faults(self, request: web.Request) -> web.StreamResponse:
        asked = await read_body(request, _FaultsRequest)
        faults = self._workspace.faults
        if asked.rate_limits is not None:
            faults.rate_limits = asked.rate_limits
            self._workspace.limits.clear()
        if asked.api is not None:
            faults.api = asked.api
        if asked.fail_next is not None:
            fault = asked.fail_next
            faults.fail_next.append(FailNext(method=fault.method, count=fault.count, mode=fault.mode))
        if asked.duplicate_deliveries is not None:
            faults.duplicate_deliveries = asked.duplicate_deliveries
        if asked.late_seconds is not None:
            faults.late_seconds = asked.late_seconds
        faults.changed()
        return respond({"ok": True})

    async def disconnect(self, request: web.Request) -> web.StreamResponse:
        asked = await read_body(request, _DisconnectRequest)
        count = self._workspace.socket_mode.connected
        await self._workspace.socket_mode.disconnect(asked.reason)
        return respond({"ok": True, "connections": count})

    async def reset(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        self._workspace.clear()
        return respond({"ok": True})

    async def log(self, request: web.Request) -> web.StreamResponse:
        del request
        return respond(self._workspace.log.as_object())

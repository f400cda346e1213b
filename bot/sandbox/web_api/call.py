"""A call of the Web API, as its method gets it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.directory import Channel
from bot.sandbox.json_values import JsonObject
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.errors import ApiError
from bot.sandbox.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Call:
    """The workspace and the arguments."""

    workspace: Workspace
    arguments: Arguments

    def channel(self, *, by_name: bool = False) -> Channel:
        """The channel named by the argument `channel`; names work only for posting."""
        reference = self.arguments.required("channel")
        channel = self.workspace.directory.channel(reference)
        if channel is None or (not by_name and reference != channel.id):
            raise ApiError("channel_not_found")
        return channel


Method = Callable[[Call], Awaitable[JsonObject]]

"""Which commands, buttons and modals the bot listens to, as it registers them with Bolt."""

import re
from collections.abc import Callable
from typing import cast

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.services import Services
from handlers.answers import Answers
from handlers.bolt import bolt_app

Listener = Callable[..., object]
Name = str | re.Pattern[str]


class Listeners:
    """Stands where Bolt's application stands, and keeps what is registered."""

    def __init__(self, **_settings: object) -> None:
        self.commands: list[str] = []
        self.buttons: list[Name] = []
        self.modals: list[Name] = []
        self.others: list[str] = []

    def command(self, name: str) -> Callable[[Listener], Listener]:
        """A slash command."""
        self.commands.append(name)
        return _as_it_is

    def action(self, name: Name) -> Callable[[Listener], Listener]:
        """A button."""
        self.buttons.append(name)
        return _as_it_is

    def view(self, name: Name) -> Callable[[Listener], Listener]:
        """A submitted modal."""
        self.modals.append(name)
        return _as_it_is

    def shortcut(self, name: str) -> Callable[[Listener], Listener]:
        """A shortcut."""
        self.others.append(f"shortcut:{name}")
        return _as_it_is

    def event(self, name: str) -> Callable[[Listener], Listener]:
        """An event."""
        self.others.append(f"event:{name}")
        return _as_it_is

    def middleware(self, passed: Listener) -> Listener:
        """What every request passes."""
        return passed

    def error(self, listener: Listener) -> Listener:
        """What hears of errors."""
        return listener


def _as_it_is(listener: Listener) -> Listener:
    return listener


def heard(names: list[Name], name: str) -> int:
    """How many listeners hear a name, as Bolt matches it: a text exactly, a pattern by search."""
    return sum(one == name if isinstance(one, str) else one.search(name) is not None for one in names)


def registered(monkeypatch: pytest.MonkeyPatch) -> Listeners:
    """Every listener of the bot."""

    async def authorize() -> AuthorizeResult:
        raise AssertionError("nobody asks")

    monkeypatch.setattr("handlers.bolt.AsyncApp", Listeners)
    app = bolt_app(
        services=cast(Services, None),
        client=AsyncWebClient(),
        authorize=authorize,
        signing_secret=None,
        answers=Answers(),
    )
    return cast(Listeners, app)

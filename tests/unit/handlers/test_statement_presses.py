"""Buttons about a criterion work where they stand: below a message, and inside a modal."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.wanted_statement import AboutCriterion
from bot.services.services import Services
from bot.services.statements import Bound, ToState
from bot.slack import action_ids as ids
from bot.slack.blocks import Block
from handlers import statement_presses
from handlers.answers import Answers
from tests.unit.slack.statement_samples import ABOUT, asked

Listener = Callable[..., Awaitable[None]]


@dataclass
class _Client:
    """Keeps what is opened, as (how, what)."""

    shown: list[tuple[str, Block]] = field(default_factory=list)

    async def views_open(self, *, trigger_id: str, view: Block) -> dict[str, dict[str, str]]:
        self.shown.append(("open", view))
        return {"view": {"id": "V1"}}

    async def views_push(self, *, trigger_id: str, view: Block) -> dict[str, dict[str, str]]:
        self.shown.append(("push", view))
        return {"view": {"id": "V2"}}


@dataclass
class _Statements:
    """Shows what is signed, or refuses it."""

    refuses: bool = False

    async def shown(self, about: AboutCriterion, *, actor: Actor) -> ToState:
        if self.refuses:
            raise SupersededError("You signed this already & count once")
        return ToState(Bound(about, "id-1", "a" * 64), asked("The data is right"))

    async def ask(self, about: AboutCriterion, *, actor: Actor) -> None:
        assert about == ABOUT


class _App:
    """Keeps listeners by name."""

    def __init__(self) -> None:
        self.listeners: dict[str, Listener] = {}

    def action(self, name: str) -> Callable[[Listener], None]:
        return lambda listener: self.listeners.update({name: listener})

    def view(self, name: str) -> Callable[[Listener], None]:
        return self.action(name)


@dataclass
class _Acknowledged:
    count: int = 0

    async def __call__(self) -> None:
        self.count += 1


async def _press(name: str, *, in_modal: bool, refuses: bool = False) -> tuple[_Client, list[str]]:
    """What is opened, and what is told in the channel."""
    app, answers, client, told = _App(), Answers(), _Client(), []
    service = _Statements(refuses)
    playbook = SimpleNamespace(channels=SimpleNamespace(approvals="#cutover"))
    catalog = SimpleNamespace(get=lambda _: SimpleNamespace(playbook=playbook))
    services = SimpleNamespace(statements=service, statement_requests=service, catalog=catalog)
    statement_presses.register(cast(AsyncApp, app), cast(Services, services), answers)

    async def respond(text: str, **_where: object) -> None:
        told.append(text)

    body = {
        "user": {"id": "U1", "name": "lee"},
        "trigger_id": "1.2",
        "actions": [{"action_id": name, "value": str(ABOUT)}],
        **({"view": {"type": "modal"}} if in_modal else {"channel": {"id": "C1"}}),
    }
    acknowledged = _Acknowledged()
    await app.listeners[name](
        ack=acknowledged, body=body, respond=respond, client=cast(AsyncWebClient, client)
    )
    await answers.settled()
    assert acknowledged.count == 1
    return client, told


@pytest.mark.parametrize(("in_modal", "how"), [(False, "open"), (True, "push")])
async def test_what_is_signed_opens_on_top_of_a_modal_and_by_itself_elsewhere(
    in_modal: bool, how: str
) -> None:
    client, told = await _press(ids.STATEMENT, in_modal=in_modal)
    ((did, view),) = client.shown
    assert (did, view["callback_id"], told) == (how, ids.STATEMENT_MODAL, [])
    assert "The data is right" in str(view)


async def test_a_refusal_is_told_in_the_channel_or_on_top_of_the_modal() -> None:
    refusal = "⚠️ You signed this already &amp; count once"
    client, told = await _press(ids.STATEMENT, in_modal=False, refuses=True)
    assert (client.shown, told) == ([], [refusal])
    client, told = await _press(ids.STATEMENT, in_modal=True, refuses=True)
    ((did, view),) = client.shown
    assert (did, told) == ("push", [])
    assert refusal in str(view)


async def test_who_has_asked_for_it_is_told_where() -> None:
    _, told = await _press(ids.STATEMENT_ASK, in_modal=False)
    assert told == ["Asked for it in #cutover."]
    client, told = await _press(ids.STATEMENT_ASK, in_modal=True)
    assert told == []
    assert "Asked for it in #cutover." in str(client.shown)

"""`switchback doctor`: is everything that the bot needs there?"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import typer
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import load_catalog
from bot.domain.errors import SettingsError, SourceError, SwitchbackError
from bot.engine.registry import ActionRegistry
from bot.joining_people import cipher_of
from bot.services.seed_cipher import KEY_NAME
from bot.settings import Settings
from bot.slack.token_trouble import slack_trouble
from bot.store.database import database_url
from bot.store.migrate import migrate
from bot.terminal.ending import ERROR, Json, ended, say_json


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at."""

    name: str
    fine: bool
    text: str


def doctor(as_json: Json = False) -> None:
    """Look at settings, database, playbooks, adapters and Slack. Exit status 2 when something is missing."""
    found = ended(_examine(), as_json=as_json)
    if as_json:
        say_json({"fine": all(each.fine for each in found), "examined": [vars(each) for each in found]})
    else:
        for each in found:
            typer.echo(f"{'✅' if each.fine else '❌'} {each.name}: {each.text}")
    if not all(each.fine for each in found):
        raise typer.Exit(ERROR)


async def _examine() -> list[Examined]:
    settings = Settings.load()
    looks: dict[str, Callable[[Settings], Awaitable[str]]] = {
        "database": _database,
        "adapters": _adapters,
        "playbooks": _playbooks,
        "second factors": _second_factors,
        "slack": _slack,
    }
    found = []
    for name, look in looks.items():
        try:
            found.append(Examined(name, True, await look(settings)))
        except SwitchbackError as error:
            found.append(Examined(name, False, str(error)))
    return found


async def _database(settings: Settings) -> str:
    url = database_url(settings.database_url.get_secret_value())
    migrate(url)
    return f"{url.render_as_string(hide_password=True)}, schema is current"


async def _adapters(_settings: Settings) -> str:
    return ", ".join(sorted(ActionRegistry.installed().parameters()))


async def _playbooks(settings: Settings) -> str:
    catalog = load_catalog(settings, ActionRegistry.installed())
    return f"{settings.playbooks}: {', '.join(catalog.migrations)}"


async def _second_factors(settings: Settings) -> str:
    cipher_of(settings.factor_key)
    try:
        catalog = load_catalog(settings, ActionRegistry.installed())
    except SwitchbackError:
        return "not looked for: the playbooks cannot be read"
    asking = [loaded.playbook.migration for loaded in catalog if loaded.playbook.asks_for_codes]
    if not asking:
        return "no playbook asks for one"
    if settings.factor_key is None:
        what = f"{', '.join(asking)}: a second factor is asked for, and {KEY_NAME} is not set"
        raise SettingsError(what, do="Make a key with `switchback factors new-key`")
    return f"{KEY_NAME} is set, for {', '.join(asking)}"


async def _slack(settings: Settings) -> str:
    transport = settings.transport()
    token = settings.slack_bot_token
    if token is None:
        raise SettingsError("SLACK_BOT_TOKEN is missing")
    client = AsyncWebClient(token=token.get_secret_value(), base_url=settings.api_base_url, timeout=10)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise slack_trouble(error, "SLACK_BOT_TOKEN") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SourceError(f"{settings.api_base_url} does not answer ({type(error).__name__})") from None
    how = "Socket Mode" if transport == "socket" else "HTTP"
    return f"{answer['team']} as {answer['user']}, by {how}"

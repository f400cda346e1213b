"""A request that Slack did not sign reaches nothing."""

import aiohttp

from bot.sandbox.settings import LOCAL_SIGNING
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running

FORGED = {
    "command": "/switchback",
    "text": "status",
    "user_id": "U0ONCALL",
    "user_name": "sam.okafor",
    "channel_id": "C0INCIDENTS",
    "channel_name": "incidents",
    "trigger_id": "1",
}


async def forge(bot: Bot) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{bot.url}/slack/events", data=FORGED) as answer,
    ):
        return answer.status, await answer.text()


async def test_without_a_signing_secret_nothing_is_taken_by_http(bot: Bot) -> None:
    status, text = await forge(bot)
    assert status == 404, text
    assert "planning" not in text


async def test_with_a_signing_secret_an_unsigned_request_is_refused(
    running: Running, settings: dict[str, str]
) -> None:
    async with running({**settings, "SLACK_SIGNING_SECRET": LOCAL_SIGNING}) as bot:
        status, text = await forge(bot)
    assert status == 401, text
    assert "planning" not in text

"""Over HTTP a request counts only with Slack's signature of now."""

import hashlib
import hmac
import time

import aiohttp
import pytest

from bot.sandbox.settings import LOCAL_SIGNING
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running

BODY = (
    "command=%2Fswitchback&text=status&user_id=U0ONCALL&user_name=sam"
    "&channel_id=C1&channel_name=x&trigger_id=1"
)


async def status(bot: Bot, *, secret: str, age: int) -> int:
    """The HTTP status of a command that was signed with this secret, so many seconds ago."""
    stamp = str(int(time.time()) - age)
    signed = hmac.new(secret.encode(), f"v0:{stamp}:{BODY}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signed}",
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{bot.url}/slack/events", data=BODY, headers=headers) as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    ("secret", "age", "expected"),
    [(LOCAL_SIGNING, 0, 200), ("another-secret", 0, 401), (LOCAL_SIGNING, 3600, 401)],
    ids=["right", "wrong secret", "an hour old"],
)
async def test_only_a_fresh_request_with_the_right_signature_is_taken(
    running: Running, settings: dict[str, str], secret: str, age: int, expected: int
) -> None:
    http = {name: value for name, value in settings.items() if name != "SLACK_APP_TOKEN"}
    async with running({**http, "SLACK_SIGNING_SECRET": LOCAL_SIGNING}) as bot:
        assert await status(bot, secret=secret, age=age) == expected

"""Who the bot is in Slack: asked once, kept."""

import asyncio

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SourceError
from bot.slack.token_trouble import slack_trouble

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)

log = structlog.get_logger()


class Identity:
    """Answers Bolt's question for each request out of one call of auth.test."""

    def __init__(self, *, client: AsyncWebClient) -> None:
        self._client = client
        self._known: AuthorizeResult | None = None
        self._asking = asyncio.Lock()

    @property
    def known(self) -> bool:
        """Whether Slack has answered."""
        return self._known is not None

    async def authorize(self) -> AuthorizeResult:
        """Who the bot is. Raises SettingsError for a bad token, SourceError while Slack is away."""
        async with self._asking:
            if self._known is None:
                self._known = await self._ask()
        return self._known

    async def learn(self) -> None:
        """Ask until Slack answers. Raises SettingsError for a bad token."""
        for attempt in range(2**31):
            try:
                await self.authorize()
            except SourceError as error:
                log.warning("slack.away", problem=str(error))
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            else:
                return

    async def _ask(self) -> AuthorizeResult:
        try:
            answer = await self._client.auth_test()
        except SlackApiError as error:
            raise slack_trouble(error, "SLACK_BOT_TOKEN") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SourceError(f"Slack does not answer ({type(error).__name__})") from None
        return AuthorizeResult.from_auth_test_response(
            auth_test_response=answer, bot_token=self._client.token
        )

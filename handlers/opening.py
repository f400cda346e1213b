"""Opens a modal while the trigger lives (3 s, once)."""

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SourceError
from bot.slack.api_errors import error_text
from bot.slack.blocks import Block


async def open_modal(client: AsyncWebClient, *, trigger_id: str, view: Block) -> None:
    """Open it. Raises SourceError when Slack does not."""
    try:
        await client.views_open(trigger_id=trigger_id, view=view)
    except SlackApiError as error:
        problem = error_text(error)
    except (aiohttp.ClientError, TimeoutError) as error:
        problem = type(error).__name__
    else:
        return
    raise SourceError(f"Slack did not open the window ({problem})", do="Nothing was changed; press again")

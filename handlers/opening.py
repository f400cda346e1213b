"""Opens a modal while the trigger lives (3 s, once)."""

from collections.abc import Awaitable

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import SourceError
from bot.slack.api_errors import error_text
from bot.slack.blocks import Block


async def open_modal(client: AsyncWebClient, *, trigger_id: str, view: Block) -> str:
    """Open it, and give its id. Raises SourceError when Slack does not."""
    return await _shown(client.views_open(trigger_id=trigger_id, view=view), "open")


async def push_modal(client: AsyncWebClient, *, trigger_id: str, view: Block) -> None:
    """Open it on top of the one in which something was pressed. Raises SourceError when Slack does not."""
    await _shown(client.views_push(trigger_id=trigger_id, view=view), "open")


async def replace_modal(client: AsyncWebClient, *, view_id: str, view: Block) -> None:
    """Show something else in an open modal. Raises SourceError when Slack does not."""
    await _shown(client.views_update(view_id=view_id, view=view), "fill")


async def _shown(calling: Awaitable[AsyncSlackResponse], did: str) -> str:
    try:
        return str((await calling)["view"]["id"])
    except SlackApiError as error:
        problem = error_text(error)
    except (aiohttp.ClientError, TimeoutError) as error:
        problem = type(error).__name__
    raise SourceError(f"Slack did not {did} the window ({problem})", do="Nothing was changed; press again")

"""What Slack said when it refused a call."""

import aiohttp
from slack_sdk.errors import SlackApiError


def error_code(error: SlackApiError) -> str:
    """Slack's word for it; nothing for an answer that is not its JSON, such as a gateway's 500."""
    # What is said to be JSON and is none comes with the HTTP client's response, which has no data.
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def error_text(error: SlackApiError) -> str:
    """Slack's word for it, or the HTTP status where there is none."""
    response = error.response
    status = response.status if isinstance(response, aiohttp.ClientResponse) else response.status_code
    return error_code(error) or f"HTTP {status}"

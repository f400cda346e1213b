"""Calls that fail, for asserting how."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


async def refused(call: Any) -> Any:
    """The response of a call that fails."""
    with pytest.raises(SlackApiError) as error:
        await call
    return error.value.response

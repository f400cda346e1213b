"""Pages of a list, by cursor."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.json_values import JsonObject
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.errors import ApiError

Item = TypeVar("Item")


def page(
    items: Sequence[Item], arguments: Arguments, *, default: int, most: int
) -> tuple[list[Item], JsonObject]:
    """One page of the items, and the response_metadata that leads to the next."""
    limit = arguments.number("limit", default=default, most=most)
    start = _start(arguments.text("cursor"))
    following = start + limit
    cursor = ""
    if following < len(items):
        cursor = base64.b64encode(f"next:{following}".encode()).decode()
    return list(items[start:following]), {"next_cursor": cursor}


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise ApiError("invalid_cursor") from None

"""What Slack was told of a run, held against what the bot has on record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from slack_sdk.web.async_client import AsyncWebClient

_PAGE = 200


@dataclass(frozen=True)
class Told:
    """Lines that should be in Slack and are not, are there too often, or stand before an earlier one."""

    wanted: int
    lost: int
    twice: int
    out_of_order: int

    def __add__(self, other: "Told") -> "Told":
        return Told(
            self.wanted + other.wanted,
            self.lost + other.lost,
            self.twice + other.twice,
            self.out_of_order + other.out_of_order,
        )


def compare(recorded: Sequence[str], told: Sequence[str]) -> Told:
    """Hold the lines that were told against those on record; a line nobody recorded counts as too often."""
    lost, twice = Counter(recorded) - Counter(told), Counter(told) - Counter(recorded)
    place = {line: number for number, line in enumerate(recorded)}
    places = [place[line] for line in told if line in place]
    return Told(
        wanted=len(recorded),
        lost=lost.total(),
        twice=twice.total(),
        out_of_order=sum(after < before for before, after in pairwise(places)),
    )


async def channel_and_thread(client: AsyncWebClient, channel: str) -> tuple[list[str], list[str]]:
    """The texts of the channel's messages, and the lines of the threads below them, both as they are read."""
    await client.conversations_join(channel=channel)
    messages = await _all(client, "conversations.history", channel=channel)
    posts, lines = [], []
    for message in reversed(messages):
        posts.append(unescape(str(message["text"])))
        thread = await _all(client, "conversations.replies", channel=channel, ts=str(message["ts"]))
        replies = [one for one in thread if one["ts"] != message["ts"]]
        lines += [line for reply in replies for line in unescape(str(reply["text"])).splitlines()]
    return posts, lines


async def _all(client: AsyncWebClient, method: str, **arguments: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    cursor = ""
    while True:
        answer = await client.api_call(method, params={**arguments, "limit": _PAGE, "cursor": cursor})
        found += answer["messages"]
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return found

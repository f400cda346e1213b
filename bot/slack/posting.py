"""Posts one message by the Web API and says what became of it, or looks up what became of an earlier one."""

from dataclasses import dataclass
from functools import partial

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api_errors import error_code, error_text
from bot.slack.blocks import Message
from bot.slack.files import has_mark

EVENT_TYPE = "switchback_message"
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})
_BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
# Slack's words for a trouble of its own, after which a call may have had its effect nevertheless;
# nothing where the answer was not Slack's.
_UNCERTAIN = frozenset({"", "fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# Slack will say the same of the same message again; everything else may pass later.
_NEVER = frozenset({"no_text", "msg_too_long", "invalid_arguments"})

log = structlog.get_logger()


@dataclass(frozen=True)
class Posted:
    """Where the message is, and of what it tells: None when it was sent just now, so of everything."""

    channel_id: str
    ts: str
    marks: frozenset[str] | None = None


@dataclass(frozen=True)
class Gone:
    """The message to be updated, or to be answered in its thread, is no longer there."""


@dataclass(frozen=True)
class Refused:
    """Slack will never take this message."""

    problem: str


@dataclass(frozen=True)
class NotNow:
    """Try again, after `seconds` where Slack named them.

    It did not arrive; where `uncertain`, it may have.
    """

    problem: str
    seconds: float | None = None
    uncertain: bool = True


@dataclass(frozen=True)
class Hidden:
    """Whether a message arrived cannot be looked up until a person lets the bot read there.

    It may post there meanwhile: reading takes membership, posting in a public channel does not
    (https://docs.slack.dev/reference/scopes/channels.history).
    """

    problem: str


Result = Posted | Gone | Refused | NotNow


class Posting:
    """The calls of the Web API that deliver messages.

    A message's `marks`, one for each piece that it tells of, are kept in its metadata.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._channel_ids: dict[str, str] = {}

    async def post(
        self, message: Message, *, channel: str, thread_ts: str | None, marks: list[str]
    ) -> Result:
        """Post a new message."""
        return await self._send(
            "chat.postMessage",
            message,
            channel=channel,
            thread_ts=thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"marks": marks}},
            unfurl_links=False,
        )

    async def update(self, message: Message, *, channel_id: str, ts: str) -> Result:
        """Replace a message."""
        return await self._send("chat.update", message, channel=channel_id, ts=ts)

    async def find(
        self, *, channel: str, thread_ts: str | None, mark: str, oldest: float, file: int | None = None
    ) -> Posted | Gone | NotNow | Hidden | None:
        """A message that was posted, by one of its marks, or by its file with this number in its name.

        The bot joins the channel where it has to.

        None when it is not there, Gone when the thread is not; NotNow when that cannot be known yet,
        Hidden when it cannot be known at all.
        """
        try:
            channel_id = await self.channel_id(channel)
            if channel_id is None:
                return Hidden("not one of the public channels")
            look_up = partial(
                self._look_up, channel_id, thread_ts=thread_ts, mark=mark, oldest=oldest, file=file
            )
            try:
                return await look_up()
            except SlackApiError as error:
                if error_code(error) != "not_in_channel":
                    raise
                await self._client.conversations_join(channel=channel_id)
                log.info("slack.joined", channel=channel)
                return await look_up()
        except SlackApiError as error:
            code = error_code(error)
            if code in GONE:
                return Gone()
            return not_now(error) if code in _UNCERTAIN | _BUSY else Hidden(code)
        except (aiohttp.ClientError, TimeoutError) as error:
            return not_now(error)

    async def _look_up(
        self, channel_id: str, *, thread_ts: str | None, mark: str, oldest: float, file: int | None
    ) -> Posted | None:
        method = "conversations.history" if thread_ts is None else "conversations.replies"
        where = {} if thread_ts is None else {"ts": thread_ts}
        cursor = ""
        while True:
            page = await self._client.api_call(
                method,
                params={
                    "channel": channel_id,
                    "oldest": f"{oldest:.6f}",
                    "include_all_metadata": "true",
                    "limit": 200,
                    "cursor": cursor,
                    **where,
                },
            )
            for found in page["messages"]:
                marks = found.get("metadata", {}).get("event_payload", {}).get("marks", [])
                if mark in marks:
                    return Posted(channel_id, found["ts"], frozenset(marks))
                names = [str(each.get("name", "")) for each in found.get("files") or ()]
                if file is not None and any(has_mark(name, file) for name in names):
                    return Posted(channel_id, found["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    async def channel_id(self, channel: str) -> str | None:
        """The id of a channel, given by name or id, or of the direct message with a person, given by id.

        None for a name that no public channel has. Raises SlackApiError, ClientError or TimeoutError.
        """
        if channel.startswith(("U", "W")) and channel not in self._channel_ids:
            opened = await self._client.conversations_open(users=channel)
            self._channel_ids[channel] = str(opened["channel"]["id"])
        if not channel.startswith(("#", "U", "W")):
            return channel
        cursor = ""
        while channel not in self._channel_ids:
            page = await self._client.conversations_list(limit=1000, cursor=cursor, exclude_archived=True)
            self._channel_ids.update({f"#{found['name']}": found["id"] for found in page["channels"]})
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return self._channel_ids.get(channel)

    async def _send(self, method: str, message: Message, **arguments: object) -> Result:
        """Call with the blocks, with plainer ones where these are refused, at last with the text alone."""
        given = {name: value for name, value in arguments.items() if value is not None}
        forms = [message.blocks, *([message.plainer] if message.plainer else []), ()]
        for blocks in forms:
            body = {**given, "text": message.text, "blocks": list(blocks)}
            try:
                answer = await self._client.api_call(method, json=body)
            except SlackApiError as error:
                code = error_code(error)
                if code in _BLOCKS_REFUSED and blocks:
                    log.warning("slack.blocks_refused", method=method, why=_reasons(error))
                    continue
                if code in GONE:
                    return Gone()
                return Refused(code) if code in _NEVER or code in _BLOCKS_REFUSED else not_now(error)
            except (aiohttp.ClientError, TimeoutError) as error:
                return not_now(error)
            ts = answer.get("ts") or answer.get("message_ts") or ""
            return Posted(str(answer.get("channel", given["channel"])), str(ts))
        return Refused("no form of the message was taken")


def not_now(error: SlackApiError | aiohttp.ClientError | TimeoutError) -> NotNow:
    """What a failed call means for the message."""
    if not isinstance(error, SlackApiError):
        return NotNow(f"Slack cannot be reached: {type(error).__name__}")
    after = error.response.headers.get("Retry-After")
    uncertain = error_code(error) in _UNCERTAIN
    return NotNow(error_text(error), float(after) if after else None, uncertain=uncertain)


def _reasons(error: SlackApiError) -> list[str]:
    metadata = error.response.get("response_metadata") or {}
    return [str(reason) for reason in metadata.get("messages", [])]

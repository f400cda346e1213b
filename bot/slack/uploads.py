"""Sends one file by the Web API's three calls: announce it, upload its bytes, complete it in its channel.

Only the last shows the file to anybody. It has no metadata for our mark, so the file's name carries the
number of its row, and a row that was tried before is looked up by that. Slack answers before it shows the
file, so that one whose fate is unknown is looked up only after a while.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import StoreError, SwitchbackError
from bot.domain.messages.facts import Plain
from bot.ports.files import File, NoFile
from bot.slack.api_errors import error_code
from bot.slack.blocks import escape
from bot.slack.files import Files, marked_name
from bot.slack.posting import GONE, Gone, Hidden, NotNow, Posted, Posting, Result, not_now
from bot.slack.views.lines import plain
from bot.slack.views.repeat import NOTE, as_repeat
from bot.store.outbox import OutboxRow

# Until Slack has certainly shown a file that it took: it scans it first
# (github.com/slackapi/bolt-js/issues/2115).
SETTLE = timedelta(seconds=15)
# To make a file; a person who waits longer is told that there is none.
MOST_SECONDS = 300.0
# To upload its bytes, which is tried again.
UPLOAD_SECONDS = 120.0
# How often the channel is kept meanwhile: a third of a lease.
BEAT_SECONDS = 10.0
# Slack will say the same of the same file again, and somebody has to do something about it: from "Errors"
# below https://docs.slack.dev/reference/methods/files.getUploadURLExternal and files.completeUploadExternal.
_NEVER = {
    "ekm_access_denied": "An administrator of Slack has to allow it",
    "file_type_not_allowed": "An administrator of Slack has to allow it",
    "file_upload_size_restricted": "It is too large: take less at once",
    "file_uploads_disabled": "An administrator of Slack has to allow it",
    "file_uploads_except_images_disabled": "An administrator of Slack has to allow it",
    "invalid_arguments": "Tell whoever runs Switchback",
    "missing_argument": "It is empty",
    "missing_scope": "Whoever runs Switchback has to install the app anew, with the manifest of this version",
    "posting_to_channel_denied": "The bot may not post there",
}

log = structlog.get_logger()

T = TypeVar("T")
# Keeps the row and its channel for this sender, False when another has them; for so long nobody looks into
# what became of it, should this process die.
Keep = Callable[[timedelta], Awaitable[bool]]


@dataclass(frozen=True)
class Lost:
    """Another sender has the row by now: nothing was sent, and nothing is to be noted."""


@dataclass(frozen=True)
class _Uploaded:
    """A file that is with Slack, where nobody sees it yet."""

    id: str
    channel_id: str
    file: File


class Uploads:
    """Delivers the rows of files."""

    def __init__(
        self,
        *,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        posting: Posting,
        files: Files,
        seconds: float = MOST_SECONDS,
        upload_seconds: float = UPLOAD_SECONDS,
        beat: float = BEAT_SECONDS,
    ) -> None:
        self._client = client
        self._session = session
        self._posting = posting
        self._files = files
        self._seconds = seconds
        self._upload_timeout = aiohttp.ClientTimeout(total=upload_seconds)
        self._beat = beat

    async def deliver(
        self, row: OutboxRow, *, channel: str, thread_ts: str | None, keep: Keep
    ) -> Result | Lost:
        """Find or send a row's file, or what is told in its place. Raises StoreError from `keep`."""
        hidden = False
        if row.attempts > 0:
            found = await self._posting.find(
                channel=channel,
                thread_ts=thread_ts,
                mark=row.mark,
                oldest=row.created_at.timestamp() - 60,
                file=row.number,
            )
            if isinstance(found, Posted | Gone | NotNow):
                return found
            if hidden := isinstance(found, Hidden):
                log.warning("sender.repeats", channel=channel, number=row.number)
        ready = await self._held(self._prepared(row, channel), keep)
        if isinstance(ready, NotNow):
            return ready
        # The step that shows it, fenced: whoever else has taken the row meanwhile sends it, and we do not.
        if ready is None or not await keep(SETTLE):
            return Lost()
        if isinstance(ready, _Uploaded):
            completed = await self._completed(ready, thread_ts=thread_ts, note=NOTE if hidden else "")
            if not isinstance(completed, NoFile):
                return completed
            ready = completed
        message = plain(Plain(text=ready.text))
        return await self._posting.post(
            as_repeat(message) if hidden else message, channel=channel, thread_ts=thread_ts, marks=[row.mark]
        )

    async def _held(self, work: Coroutine[None, None, T], keep: Keep) -> T | None:
        """Do what shows nothing to anybody, and keep the row meanwhile; None when it was lost."""
        task = asyncio.create_task(work)
        try:
            while not (await asyncio.wait({task}, timeout=self._beat))[0]:
                if not await keep(timedelta(0)):
                    return None
            return task.result()
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _prepared(self, row: OutboxRow, channel: str) -> _Uploaded | NoFile | NotNow:
        try:
            async with asyncio.timeout(self._seconds):
                made = await self._files.made(row.kind, row.facts)
        except StoreError:
            raise
        except TimeoutError:
            return NoFile(f"The file took longer than {self._seconds:.0f} s. Try again, or take less at once")
        except SwitchbackError as error:
            log.warning("sender.no_file", kind=row.kind, number=row.number, problem=str(error))
            return NoFile(f"The file could not be made: {error}")
        except Exception as error:
            # A file that cannot be made must not hold up what else is told there.
            log.exception("sender.cannot_make_file", kind=row.kind, number=row.number)
            return NoFile(f"The file could not be made: {type(error).__name__}. The bot's log says more")
        if isinstance(made, NoFile):
            return made
        return await self._uploaded(replace(made, name=marked_name(made.name, row.number)), channel)

    async def _uploaded(self, file: File, channel: str) -> _Uploaded | NoFile | NotNow:
        """Upload; whatever goes wrong here, nobody has seen the file."""
        try:
            channel_id = await self._posting.channel_id(channel)
            if channel_id is None:
                return NoFile(f"{file.name} cannot be put here: {channel} is not one of the public channels")
            announced = await self._client.files_getUploadURLExternal(
                filename=file.name, length=len(file.data)
            )
            url = str(announced["upload_url"])
            async with self._session.post(url, data=file.data, timeout=self._upload_timeout) as response:
                if response.status != 200:
                    return NotNow(f"The upload was answered with HTTP {response.status}", uncertain=False)
            return _Uploaded(str(announced["file_id"]), channel_id, file)
        except SlackApiError as error:
            return _refused(error, file) or replace(not_now(error), uncertain=False)
        except (aiohttp.ClientError, TimeoutError) as error:
            return replace(not_now(error), uncertain=False)

    async def _completed(
        self, uploaded: _Uploaded, *, thread_ts: str | None, note: str
    ) -> Posted | Gone | NotNow | NoFile:
        """Show the file where it belongs. The bot joins the channel where it has to."""
        said = "\n".join(filter(None, (escape(uploaded.file.comment, most=3000), note)))
        try:
            try:
                await self._complete(uploaded, thread_ts=thread_ts, comment=said)
            except SlackApiError as error:
                if error_code(error) != "not_in_channel":
                    raise
                await self._client.conversations_join(channel=uploaded.channel_id)
                log.info("slack.joined", channel=uploaded.channel_id)
                await self._complete(uploaded, thread_ts=thread_ts, comment=said)
        except SlackApiError as error:
            if error_code(error) in GONE:
                return Gone()
            return _refused(error, uploaded.file) or _settled(not_now(error))
        except (aiohttp.ClientError, TimeoutError) as error:
            return _settled(not_now(error))
        # Slack posts the message only now, and does not say where.
        return Posted(uploaded.channel_id, "")

    async def _complete(self, uploaded: _Uploaded, *, thread_ts: str | None, comment: str) -> None:
        await self._client.files_completeUploadExternal(
            files=[{"id": uploaded.id, "title": uploaded.file.title}],
            channel_id=uploaded.channel_id,
            thread_ts=thread_ts,
            initial_comment=comment or None,
        )


def _refused(error: SlackApiError, file: File) -> NoFile | None:
    code = error_code(error)
    if code not in _NEVER:
        return None
    log.error("sender.file_refused", problem=code, bytes=len(file.data))
    return NoFile(f"Slack does not take the file {file.name} ({code}). {_NEVER[code]}")


def _settled(result: NotNow) -> NotNow:
    if not result.uncertain:
        return result
    return replace(result, seconds=max(SETTLE.total_seconds(), result.seconds or 0))

"""files.*: files are announced, uploaded (bot/sandbox/file_transfer.py), completed and looked at.

https://docs.slack.dev/reference/methods/files.getUploadURLExternal
https://docs.slack.dev/reference/methods/files.completeUploadExternal
https://docs.slack.dev/reference/methods/files.info
"""

import re
from dataclasses import replace

from bot.sandbox.app_messages import Content, ContentError, post_as_app
from bot.sandbox.directory import Channel
from bot.sandbox.file_transfer import file_object, upload_url
from bot.sandbox.files import Upload
from bot.sandbox.json_values import JsonObject, as_list, as_object, as_text, objects_in
from bot.sandbox.persistence import Message
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.web_api.errors import ApiError

#: https://slack.com/help/articles/201330736-Add-files-to-Slack
MOST_FILE_BYTES = 1024**3
#: https://docs.slack.dev/reference/methods/files.getUploadURLExternal: snippet_too_large
MOST_SNIPPET_BYTES = 1024**2
MOST_ALT_TEXT = 1000
#: Slack's own message: names and ids of people are refused (github.com/slackapi/bolt-js/issues/2115).
_CHANNEL_ID = r"^[CGDZ][A-Z0-9]+$"
_PLACES = frozenset({"channels", "groups", "ims", "shares"})


async def get_upload_url(call: Call) -> JsonObject:
    arguments = call.arguments
    name = arguments.required("filename")
    announced = arguments.required("length")
    if not announced.isdigit():
        raise ApiError("invalid_arguments", messages=("[ERROR] must be an integer [json-pointer:/length]",))
    length = int(announced)
    if length == 0:
        raise ApiError("missing_argument")
    if arguments.text("snippet_type") and length > MOST_SNIPPET_BYTES:
        raise ApiError("snippet_too_large")
    if length > MOST_FILE_BYTES:
        raise ApiError("file_upload_size_restricted")
    if len(arguments.text("alt_txt") or "") > MOST_ALT_TEXT:
        raise ApiError("alt_txt_too_large")
    upload, ticket = call.workspace.files.announce(name=name, length=length)
    return {"upload_url": upload_url(call.workspace, ticket), "file_id": upload.id}


async def complete_upload(call: Call) -> JsonObject:
    """Makes files of uploads, and one message with all of them in each channel.

    Slack does the second after it has answered, a moment later; here it is done at once.
    """
    titled = _uploads(call)
    channels = _channels(call)
    thread_ts = _thread(call, channels)
    introduction = _introduction(call)
    files = [call.workspace.files.complete(upload, title=title) for upload, title in titled]
    carried = [_in_message(file_object(call.workspace, file)) for file in files]
    for channel in channels:
        content = replace(introduction, files=carried)
        message = post_as_app(call.workspace, channel=channel.id, content=content, thread_ts=thread_ts)
        for file in files:
            _note_share(call, file.id, channel=channel, message=message)
    return {"files": [_object(call, file.id) for file in files]}


async def info(call: Call) -> JsonObject:
    found = _object(call, call.arguments.required("file"))
    return {"file": found, "comments": [], "response_metadata": {"next_cursor": ""}}


def _uploads(call: Call) -> list[tuple[Upload, str]]:
    """The uploads to complete, with the titles for them."""
    asked = objects_in(as_list(call.arguments.structure("files")))
    if not asked:
        raise ApiError("invalid_arguments", messages=("[ERROR] missing required field: files",))
    found = []
    for one in asked:
        upload = call.workspace.files.uploaded(as_text(one.get("id")))
        if upload is None:
            raise ApiError("file_not_found")
        found.append((upload, as_text(one.get("title")) or upload.name))
    return found


def _channels(call: Call) -> list[Channel]:
    """Where to share: nowhere, in one channel, or in several. The app has to be a member."""
    one = call.arguments.text("channel_id")
    if one is not None and not re.fullmatch(_CHANNEL_ID, one):
        said = f"[ERROR] input must match regex pattern: {_CHANNEL_ID} [json-pointer:/channel_id]"
        raise ApiError("invalid_arguments", messages=(said,))
    several = (call.arguments.text("channels") or "").replace(" ", "").split(",")
    channels = []
    for reference in filter(None, [one, *several]):
        channel = call.workspace.directory.channel(reference)
        if channel is None or reference not in (channel.id, channel.im_user):
            raise ApiError("channel_not_found")
        if channel.archived:
            raise ApiError("is_archived")
        if not call.workspace.memberships.has(channel):
            raise ApiError("not_in_channel")
        channels.append(channel)
    return channels


def _thread(call: Call, channels: list[Channel]) -> str | None:
    """The thread to share in, as for chat.postMessage; Slack wants one channel with it."""
    thread_ts = call.arguments.text("thread_ts")
    if thread_ts is None or len(channels) != 1:
        return None
    parent = call.workspace.messages.find(channels[0].id, thread_ts)
    if parent is None:
        raise ApiError("thread_not_found")
    return str(parent.body.get("thread_ts", parent.ts))


def _introduction(call: Call) -> Content:
    """What is said with the files: a comment, or else blocks."""
    comment = call.arguments.text("initial_comment")
    blocks = None if comment else call.arguments.structure("blocks", error="invalid_blocks_format")
    content = Content(text=comment or "", blocks=blocks)
    if comment or blocks:
        try:
            content.check()
        except ContentError as error:
            raise ApiError(error.code, messages=error.problems) from None
    return content


def _note_share(call: Call, file_id: str, *, channel: Channel, message: Message) -> None:
    file = call.workspace.files.find(file_id)
    if file is None:
        return
    kind, where = ("ims", "private") if channel.im_user else ("channels", "public")
    share: JsonObject = {
        "ts": message.ts,
        "channel_name": channel.name,
        "team_id": call.workspace.seed.team_id,
        "share_user_id": call.workspace.seed.bot_user_id,
        "source": "UPLOAD",
        "reply_users": [],
        "reply_users_count": 0,
        "reply_count": 0,
    }
    if "thread_ts" in message.body:
        share["thread_ts"] = message.body["thread_ts"]
    shares = as_object(file.body["shares"])
    here = as_object(shares.get(where))
    fields: JsonObject = {
        kind: [*as_list(file.body[kind]), channel.id],
        "shares": {**shares, where: {**here, channel.id: [share]}},
        "is_public": where == "public" or file.body["is_public"],
    }
    call.workspace.files.change(file, fields)


def _object(call: Call, file_id: str) -> JsonObject:
    file = call.workspace.files.find(file_id)
    if file is None:
        raise ApiError("file_not_found")
    return file_object(call.workspace, file)


def _in_message(file: JsonObject) -> JsonObject:
    """A file as a message carries it: without where else it was shared."""
    return {name: value for name, value in file.items() if name not in _PLACES}


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
}

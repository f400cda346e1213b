"""Messages that the app posts, checked as Slack checks them."""

from dataclasses import dataclass

from bot.sandbox.block_ids import with_ids
from bot.sandbox.block_kit.surfaces import message_problems
from bot.sandbox.json_values import Json, JsonObject, as_object, as_text
from bot.sandbox.persistence import Message
from bot.sandbox.workspace import Workspace

#: https://docs.slack.dev/reference/methods/chat.postMessage#truncating
MOST_TEXT = 40_000


class ContentError(Exception):
    """Content that Slack refuses; `code` is its error, `problems` say where and why."""

    def __init__(self, code: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(code, *problems)
        self.code = code
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a message says. `files` are file objects; a change of the message leaves them."""

    text: str = ""
    blocks: Json = None
    attachments: Json = None
    metadata: Json = None
    files: Json = None

    def check(self) -> None:
        """Raises ContentError when Slack would refuse this."""
        if not self.text.strip() and not self.blocks and not self.attachments and not self.files:
            raise ContentError("no_text")
        if len(self.text) > MOST_TEXT:
            raise ContentError("msg_too_long")
        problems = message_problems(blocks=self.blocks, attachments=self.attachments)
        if problems:
            raise ContentError("invalid_blocks", tuple(problems))
        if self.metadata is not None:
            metadata = as_object(self.metadata)
            if not as_text(metadata.get("event_type")) or not isinstance(metadata.get("event_payload"), dict):
                raise ContentError("invalid_metadata_format")


def content_fields(workspace: Workspace, content: Content) -> JsonObject:
    """The fields of a message object that say something; None where there is nothing."""
    return {
        "text": content.text,
        "blocks": with_ids(content.blocks, ids=workspace.ids) if content.blocks else None,
        "attachments": content.attachments or None,
        "metadata": content.metadata,
    }


def post_as_app(
    workspace: Workspace,
    *,
    channel: str,
    content: Content,
    thread_ts: str | None = None,
    broadcast: bool = False,
    ephemeral_for: str | None = None,
) -> Message:
    """Post what the app says. Raises ContentError."""
    content.check()
    seed = workspace.seed
    fields: JsonObject = {
        "user": seed.bot_user_id,
        "bot_id": seed.bot_id,
        "app_id": seed.app_id,
        "team": seed.team_id,
        "bot_profile": {
            "id": seed.bot_id,
            "app_id": seed.app_id,
            "name": workspace.app_name,
            "team_id": seed.team_id,
            "deleted": False,
            "updated": 0,
        },
        **content_fields(workspace, content),
        "files": content.files or None,
        "upload": True if content.files else None,
        "thread_ts": thread_ts,
        "subtype": "thread_broadcast" if broadcast and thread_ts else None,
        "is_ephemeral": True if ephemeral_for else None,
    }
    return workspace.messages.add(
        channel=channel,
        fields={name: value for name, value in fields.items() if value is not None},
        ephemeral_for=ephemeral_for,
    )


def change_as_app(workspace: Workspace, message: Message, content: Content, *, keep_missing: bool) -> Message:
    """Put other content into a message of the app's. Raises ContentError.

    With `keep_missing` blocks, attachments and metadata stay where the content has None; an
    empty list takes them away: https://docs.slack.dev/reference/methods/chat.update
    """
    content.check()
    fields = content_fields(workspace, content)
    given = {"blocks": content.blocks, "attachments": content.attachments}
    for name, value in {**given, "metadata": content.metadata}.items():
        if keep_missing and value is None:
            del fields[name]
    edited_at = f"{workspace.clock.now():.6f}"
    fields["edited"] = {"user": workspace.seed.bot_user_id, "ts": edited_at}
    return workspace.messages.change(message, fields)

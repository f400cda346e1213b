"""Slash commands."""

from dataclasses import replace

from bot.sandbox.app_messages import Content, ContentError, post_as_app
from bot.sandbox.delivery import Receipt
from bot.sandbox.directory import Channel
from bot.sandbox.identity import VERIFICATION
from bot.sandbox.interactions.failure_notices import tell_failure
from bot.sandbox.interactions.refusal import RefusedError
from bot.sandbox.json_values import JsonObject, as_text
from bot.sandbox.response_urls import Origin
from bot.sandbox.workspace import Workspace


async def run_command(workspace: Workspace, *, user: str, channel: Channel, text: str) -> Receipt:
    """Send a command to the app and show its immediate answer. Raises RefusedError."""
    command, _, rest = text.strip().partition(" ")
    known = {registered.command for registered in workspace.manifest.commands}
    if not command.startswith("/") or (known and command not in known):
        raise RefusedError(f"{command} is not a valid command")
    payload = _payload(workspace, user=user, channel=channel, command=command, text=rest.strip())
    receipt = await workspace.delivery.deliver("slash_commands", payload)
    if receipt.acknowledged and receipt.response:
        try:
            _show_answer(workspace, user=user, channel=channel, answer=receipt.response)
        except ContentError as error:
            workspace.pages.notice(user=user, text=f"{command}: the app's answer: {error}")
            receipt = replace(receipt, error="invalid_response")
    tell_failure(workspace, user=user, what=command, receipt=receipt)
    return receipt


def _payload(workspace: Workspace, *, user: str, channel: Channel, command: str, text: str) -> JsonObject:
    seed = workspace.seed
    return {
        "token": VERIFICATION,
        "team_id": seed.team_id,
        "team_domain": seed.team_domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user,
        "user_name": workspace.directory.people[user].username,
        "command": command,
        "text": text,
        "api_app_id": seed.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.new_response_url(Origin(channel=channel.id, user=user)),
        "trigger_id": workspace.triggers.issue(user=user),
    }


def _show_answer(workspace: Workspace, *, user: str, channel: Channel, answer: JsonObject) -> None:
    content = Content(
        text=as_text(answer.get("text")),
        blocks=answer.get("blocks"),
        attachments=answer.get("attachments"),
        metadata=answer.get("metadata"),
    )
    in_channel = answer.get("response_type") == "in_channel"
    post_as_app(
        workspace,
        channel=channel.id,
        content=content,
        ephemeral_for=None if in_channel else user,
    )

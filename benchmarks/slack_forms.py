"""The forms that Slack posts: a slash command, a press of a button in a message, a submitted modal."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

PERSON, PERSON_NAME = "U0ONCALL", "sam.okafor"
_CHANNEL, _CHANNEL_NAME = "C0INCIDENTS", "incidents"
_TEAM = {"id": "T0LOCAL", "domain": "local-workspace"}
_APP, _TOKEN = "A0SWITCH", "local-verification-token"
_QUESTION = "*Rollback of planwise · question 1*\n*How bad is it?*\nMeasured: Largest variance unknown ❔"


def command(name: str, *, trigger_id: str, api_url: str) -> bytes:
    """A slash command without arguments."""
    fields = {
        "token": _TOKEN,
        "team_id": _TEAM["id"],
        "team_domain": _TEAM["domain"],
        "channel_id": _CHANNEL,
        "channel_name": _CHANNEL_NAME,
        "user_id": PERSON,
        "user_name": PERSON_NAME,
        "command": name,
        "text": "",
        "api_app_id": _APP,
        "is_enterprise_install": "false",
        "response_url": f"{api_url}/response/none",
        "trigger_id": trigger_id,
    }
    return urlencode(fields).encode()


def press(*, action_id: str, value: str, api_url: str) -> bytes:
    """A press of a button in a message that asks a question."""
    ts = "1780000000.000100"
    text = {"type": "plain_text", "text": "P2: many people are hindered"}
    button = {"type": "button", "action_id": action_id, "value": value, "text": text}
    blocks = [
        {"type": "section", "block_id": "question", "text": {"type": "mrkdwn", "text": _QUESTION}},
        {"type": "actions", "block_id": "answers", "elements": [button] * 5},
    ]
    payload: dict[str, object] = {
        "type": "block_actions",
        "user": {"id": PERSON, "username": PERSON_NAME, "name": PERSON_NAME, "team_id": _TEAM["id"]},
        "api_app_id": _APP,
        "token": _TOKEN,
        "team": _TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": ts, "channel_id": _CHANNEL, "is_ephemeral": False},
        "trigger_id": "1780000000.none",
        "channel": {"id": _CHANNEL, "name": _CHANNEL_NAME},
        "message": {"type": "message", "user": "U0BOT", "ts": ts, "text": "Rollback", "blocks": blocks},
        "state": {"values": {}},
        "response_url": f"{api_url}/response/none",
        "actions": [{**button, "block_id": "answers", "action_ts": ts}],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def submission(*, callback_id: str, metadata: str | Mapping[str, str], inputs: Mapping[str, str]) -> bytes:
    """A modal that was submitted with texts typed into its blocks."""
    values = {
        block: {"typed": {"type": "plain_text_input", "value": typed}} for block, typed in inputs.items()
    }
    payload: dict[str, object] = {
        "type": "view_submission",
        "user": {"id": PERSON, "username": PERSON_NAME, "name": PERSON_NAME, "team_id": _TEAM["id"]},
        "api_app_id": _APP,
        "token": _TOKEN,
        "team": _TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": "1780000000.none",
        "view": {
            "id": "V0BENCHMARK",
            "team_id": _TEAM["id"],
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata if isinstance(metadata, str) else json.dumps(metadata),
            "state": {"values": values},
            "blocks": [],
            "title": {"type": "plain_text", "text": "Rollback"},
            "hash": "1780000000.none",
        },
        "response_urls": [],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()

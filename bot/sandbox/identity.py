"""The parts of payloads that say which workspace, app and person they are about."""

from bot.sandbox.directory import Channel, Directory
from bot.sandbox.json_values import JsonObject
from bot.sandbox.seed import Seed

#: Slack's old verification token; apps check signatures instead.
VERIFICATION = "local-verification-token"


def team_part(seed: Seed) -> JsonObject:
    """The team, as interactions name it."""
    return {"id": seed.team_id, "domain": seed.team_domain}


def user_part(directory: Directory, user: str) -> JsonObject:
    """The person, as interactions name them."""
    name = directory.people[user].username
    return {
        "id": user,
        "username": name,
        "name": name,
        "team_id": directory.seed.team_id,
    }


def channel_part(channel: Channel) -> JsonObject:
    """The channel, as interactions name it."""
    return {"id": channel.id, "name": channel.name}


def interaction_part(directory: Directory, *, kind: str, user: str) -> JsonObject:
    """What every interaction begins with."""
    return {
        "type": kind,
        "user": user_part(directory, user),
        "api_app_id": directory.seed.app_id,
        "token": VERIFICATION,
        "team": team_part(directory.seed),
        "enterprise": None,
        "is_enterprise_install": False,
    }

"""The manifest has what the code uses, and nothing else."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.sandbox.json_values import Json, JsonObject, as_list, as_object, as_text
from tests.unit.handlers.listeners import registered
from tests.unit.web_api_use import ROOT, methods_called, sources

SCHEMA = Path(__file__).parents[1] / "schemas" / "slack-manifest.schema.json"

# Bot scopes of each method, read from "Required scopes" of its page below
# https://docs.slack.dev/reference/methods, for public channels. chat:write.public is what posting in a
# public channel takes that the bot was not invited to: https://docs.slack.dev/reference/scopes/chat.write.public
SCOPES: Mapping[str, frozenset[str]] = {
    "apps.connections.open": frozenset(),  # the app-level token's connections:write, no bot scope
    "auth.test": frozenset(),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.postMessage": frozenset({"chat:write", "chat:write.public"}),
    "chat.update": frozenset({"chat:write"}),
    "conversations.history": frozenset({"channels:history", "im:history"}),  # im: what was sent to a person
    "conversations.join": frozenset({"channels:join"}),
    "conversations.list": frozenset({"channels:read"}),
    "conversations.open": frozenset({"im:write"}),
    "conversations.replies": frozenset({"channels:history"}),
    "files.completeUploadExternal": frozenset({"files:write"}),
    "files.getUploadURLExternal": frozenset({"files:write"}),
    "usergroups.list": frozenset({"usergroups:read"}),
    "usergroups.users.list": frozenset({"usergroups:read"}),
    "users.info": frozenset({"users:read"}),
    "views.open": frozenset(),
    "views.publish": frozenset(),
    "views.push": frozenset(),
    "views.update": frozenset(),
}
# https://docs.slack.dev/reference/scopes/commands
COMMANDS_SCOPE = "commands"


def read_manifest() -> JsonObject:
    return as_object(YAML(typ="safe").load((ROOT / "manifest.yml").read_text(encoding="utf-8")))


def at(manifest: JsonObject, *names: str) -> Json:
    value: Json = manifest
    for name in names:
        value = as_object(value).get(name)
    return value


@cache
def methods_used() -> frozenset[str]:
    return frozenset(
        method for path in sources() for method in methods_called(path.read_text(encoding="utf-8"))
    )


def needed_scopes() -> set[str]:
    return {COMMANDS_SCOPE}.union(*(SCOPES[method] for method in methods_used()))


def problems(manifest: JsonObject) -> list[str]:
    """What the scopes of a manifest lack, and what they have for nothing."""
    given = {as_text(scope) for scope in as_list(at(manifest, "oauth_config", "scopes", "bot"))}
    lacking = [f"lacks {scope}" for scope in sorted(needed_scopes() - given)]
    return [*lacking, *(f"does not need {scope}" for scope in sorted(given - needed_scopes()))]


def test_the_manifest_is_one_by_slacks_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    found = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(read_manifest())]
    assert found == []


def test_slacks_schema_refuses_what_is_no_manifest() -> None:
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    broken = {**read_manifest(), "settings": {"socket_mode_enabled": "yes"}, "colour": "blue"}
    assert len(list(validator.iter_errors(broken))) >= 2


def test_every_command_that_is_listened_to_is_in_the_manifest_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    declared = [
        as_text(at(as_object(one), "command"))
        for one in as_list(at(read_manifest(), "features", "slash_commands"))
    ]
    assert sorted(declared) == sorted(registered(monkeypatch).commands)


def test_every_command_says_what_it_does_and_how_it_is_typed() -> None:
    for command in as_list(at(read_manifest(), "features", "slash_commands")):
        assert as_text(at(as_object(command), "description"))
        assert as_text(at(as_object(command), "usage_hint"))


def test_nothing_is_declared_that_nobody_listens_to(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = read_manifest()
    assert at(manifest, "features", "shortcuts") is None
    events = as_list(at(manifest, "settings", "event_subscriptions", "bot_events"))
    assert registered(monkeypatch).others == [f"event:{event}" for event in events]
    assert at(manifest, "features", "app_home", "home_tab_enabled") is ("app_home_opened" in events)


def test_the_scopes_are_those_that_the_methods_in_the_code_ask_for() -> None:
    assert problems(read_manifest()) == []


def test_the_methods_in_the_code_are_found() -> None:
    used = methods_used()
    assert used >= {
        "chat.postMessage",
        "chat.update",
        "conversations.history",
        "views.open",
        "views.push",
        "usergroups.users.list",
    }
    assert used <= SCOPES.keys(), "say above which scopes they ask for"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("await self._client.chat_delete(ts=ts)", {"chat.delete"}),
        ("await client.api_call('pins.add')", {"pins.add"}),
        ("METHOD = 'reactions.get'", {"reactions.get"}),
        ("self._store.chat_delete()\nlog.info('chat.deleted')", set()),
    ],
)
def test_a_method_is_found_however_it_is_called(source: str, found: set[str]) -> None:
    assert methods_called(source) == found


@pytest.mark.parametrize(
    ("scopes", "says"),
    [
        ({"chat:write": "chat:wrte"}, ["lacks chat:write", "does not need chat:wrte"]),
        (
            {"usergroups:read": "usergroups:write"},
            ["lacks usergroups:read", "does not need usergroups:write"],
        ),
    ],
)
def test_a_misspelled_or_wrong_scope_is_caught_although_the_schema_takes_it(
    scopes: dict[str, str], says: list[str]
) -> None:
    manifest = read_manifest()
    given = [as_text(scope) for scope in as_list(at(manifest, "oauth_config", "scopes", "bot"))]
    manifest["oauth_config"] = {"scopes": {"bot": [scopes.get(scope, scope) for scope in given]}}
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert list(validator.iter_errors(manifest)) == []
    assert problems(manifest) == says


def test_slack_reaches_the_bot_by_socket_mode_with_buttons_on() -> None:
    manifest = read_manifest()
    assert at(manifest, "settings", "socket_mode_enabled") is True
    assert at(manifest, "settings", "interactivity", "is_enabled") is True

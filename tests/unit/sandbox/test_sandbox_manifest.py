"""Reading the app's manifest."""

from pathlib import Path

import pytest

from bot.sandbox.manifest import Manifest, ManifestError, read_manifest
from bot.sandbox.web_api.errors import ApiError
from bot.sandbox.web_api.scopes import check_scope

MANIFEST = """
display_information: {name: Trial}
features:
  slash_commands: [{command: /trial, description: Try it, usage_hint: "<x>"}]
  shortcuts: [{name: Do it, type: global, callback_id: do, description: x}]
oauth_config: {scopes: {bot: [chat:write]}}
settings: {event_subscriptions: {bot_events: [app_mention]}, socket_mode_enabled: true}
"""


def test_commands_shortcuts_scopes_and_events_are_read(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text(MANIFEST)
    manifest = read_manifest(path)
    assert manifest.app_name == "Trial"
    assert [command.command for command in manifest.commands] == ["/trial"]
    assert [shortcut.callback_id for shortcut in manifest.shortcuts] == ["do"]
    assert manifest.scopes == frozenset({"chat:write"})
    assert manifest.subscribes_to("app_mention")
    assert not manifest.subscribes_to("message.channels")


def test_a_file_that_is_no_manifest_is_named(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    with pytest.raises(ManifestError, match=r"manifest\.yml"):
        read_manifest(path)
    path.write_text("features: {slash_commands: 5}")
    with pytest.raises(ManifestError, match="slash_commands"):
        read_manifest(path)


def test_a_method_asks_for_its_scope() -> None:
    manifest = Manifest(scopes=frozenset({"chat:write"}))
    check_scope(manifest, "chat.postMessage")
    check_scope(manifest, "views.open")
    with pytest.raises(ApiError) as error:
        check_scope(manifest, "users.info")
    assert error.value.as_object() == {
        "ok": False,
        "error": "missing_scope",
        "needed": "users:read",
        "provided": "chat:write",
    }
    check_scope(Manifest(), "users.info")

"""The app's manifest: its commands, shortcuts, events and scopes."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class ManifestError(Exception):
    """The manifest cannot be read or is not one."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Command(_Part):
    """A slash command."""

    command: str
    description: str = ""
    usage_hint: str = ""


class Shortcut(_Part):
    """A shortcut; `type` is global or message."""

    callback_id: str
    name: str
    type: str
    description: str = ""


class _DisplayInformation(_Part):
    name: str = ""


class _Features(_Part):
    slash_commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()


class _Scopes(_Part):
    bot: frozenset[str] = frozenset()


class _OauthConfig(_Part):
    scopes: _Scopes = _Scopes()


class _EventSubscriptions(_Part):
    bot_events: frozenset[str] = frozenset()


class _Settings(_Part):
    event_subscriptions: _EventSubscriptions = _EventSubscriptions()


class _Document(_Part):
    display_information: _DisplayInformation = _DisplayInformation()
    features: _Features = _Features()
    oauth_config: _OauthConfig = _OauthConfig()
    settings: _Settings = _Settings()


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What the app registered. `scopes` and `events` of None grant everything."""

    app_name: str | None = None
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None

    def subscribes_to(self, event: str) -> bool:
        """Whether an event such as `message.channels` is sent to the app."""
        return self.events is None or event in self.events


def read_manifest(path: Path) -> Manifest:
    """The manifest in a YAML file. Raises ManifestError."""
    try:
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        document = _Document.model_validate(content)
    except (OSError, YAMLError, ValidationError) as error:
        raise ManifestError(f"{path}: not a readable app manifest: {error}") from error
    return Manifest(
        app_name=document.display_information.name or None,
        commands=document.features.slash_commands,
        shortcuts=document.features.shortcuts,
        scopes=document.oauth_config.scopes.bot,
        events=document.settings.event_subscriptions.bot_events,
    )

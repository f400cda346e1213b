"""The one place that reads the environment. Every setting is listed in docs/settings.md."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.domain.errors import SettingsError


class Settings(BaseModel):
    """What the bot and the terminal need to know. Field aliases are the variables' names."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    slack_bot_token: SecretStr | None = Field(None, alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_api_url: AnyHttpUrl = Field(AnyHttpUrl("https://slack.com/api/"), alias="SLACK_API_URL")
    database_url: SecretStr = Field(SecretStr("sqlite:///switchback.db"), alias="SWITCHBACK_DATABASE_URL")
    playbooks: Path = Field(Path("playbooks"), alias="SWITCHBACK_PLAYBOOKS")
    host: str = Field("127.0.0.1", alias="SWITCHBACK_HOST")
    port: int = Field(8701, ge=0, le=65535, alias="SWITCHBACK_PORT")
    replica: str = Field("main", pattern=r"^[a-z0-9-]{1,40}$", alias="SWITCHBACK_REPLICA")
    log: Literal["console", "json"] = Field("console", alias="SWITCHBACK_LOG")
    factor_key: SecretStr | None = Field(None, alias="SWITCHBACK_FACTOR_KEY")
    sandbox_port: int = Field(8700, ge=0, le=65535, alias="SWITCHBACK_SANDBOX_PORT")

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """The settings of an environment, by default the process's own. Raises SettingsError."""
        given = os.environ if environment is None else environment
        known = {field.alias for field in cls.model_fields.values()}
        try:
            return cls.model_validate({name: given[name] for name in known if name and given.get(name)})
        except ValidationError as error:
            first = error.errors()[0]
            raise SettingsError(
                f"{first['loc'][0]}: {first['msg']}", do="Correct it, or leave it out for the default"
            ) from None

    def transport(self) -> Literal["socket", "http"]:
        """How Slack reaches the bot: Socket Mode with an app token, HTTP with a signing secret.

        Raises SettingsError when a token is missing.
        """
        if self.slack_bot_token is None:
            raise SettingsError("SLACK_BOT_TOKEN is missing", do="Set it to the token that begins with xoxb-")
        if self.slack_app_token is not None:
            return "socket"
        if self.slack_signing_secret is not None:
            return "http"
        raise SettingsError(
            "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both missing",
            do="Set the first for Socket Mode, or the second for HTTP",
        )

    @property
    def api_base_url(self) -> str:
        """Slack's Web API, with a slash at its end."""
        url = str(self.slack_api_url)
        return url if url.endswith("/") else f"{url}/"


def secret(name: str) -> str:
    """The value of a setting or secret that a playbook refers to. Raises SettingsError."""
    value = os.environ.get(name)
    if not value:
        do = "A playbook refers to it; set it in the bot's environment"
        raise SettingsError(f"{name} is not set", do=do)
    return value

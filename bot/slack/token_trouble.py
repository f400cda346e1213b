"""What an error of the Web API means for a token."""

from slack_sdk.errors import SlackApiError

from bot.domain.errors import SettingsError, SourceError
from bot.slack.api_errors import error_code, error_text

# What Slack says of a token that no waiting will mend.
_BAD_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
    }
)


def slack_trouble(error: SlackApiError, setting: str) -> SettingsError | SourceError:
    """The error to be raised; `setting` is the name of the token's."""
    code = error_code(error)
    if code in _BAD_TOKEN:
        return SettingsError(f"Slack does not take {setting}: {code}", do="Set it to this app's own token")
    return SourceError(f"Slack answers {error_text(error)}")

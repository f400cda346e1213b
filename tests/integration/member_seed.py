"""The local workspace of those tests that are not about joining: the app is in every channel."""

from dataclasses import replace

from bot.sandbox.seed import DEFAULT_SEED

MEMBER_SEED = replace(
    DEFAULT_SEED, channels=tuple(replace(channel, app_is_member=True) for channel in DEFAULT_SEED.channels)
)

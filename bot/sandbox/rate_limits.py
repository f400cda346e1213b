"""How often a method may be called: token buckets after Slack's tiers."""

import math
from dataclasses import dataclass

from bot.sandbox.clock import Clock

#: Calls a minute by tier: https://docs.slack.dev/apis/web-api/rate-limits
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}

#: Tiers from each method's reference page, https://docs.slack.dev/reference/methods
TIERS = {
    "apps.connections.open": 1,
    "conversations.list": 2,
    "users.list": 2,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.open": 3,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
    "users.info": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "files.info": 4,
    "chat.postEphemeral": 4,
    "conversations.members": 4,
}

#: chat.postMessage has a limit of its own: 1 a second and channel, short bursts allowed.
POSTS_PER_SECOND = 1.0
POST_BURST = 3


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class RateLimits:
    """Counts calls by method, and posts by channel."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, *, method: str, channel: str | None) -> int:
        """Count one call. Answers 0, or after how many seconds (at least 1) to try again."""
        if method == "chat.postMessage":
            return self._take(f"{method} {channel}", size=POST_BURST, per_second=POSTS_PER_SECOND)
        if method not in TIERS:
            return 0
        size = PER_MINUTE[TIERS[method]]
        return self._take(method, size=size, per_second=size / 60)

    def clear(self) -> None:
        """Forget all counts."""
        self._buckets.clear()

    def _take(self, key: str, *, size: int, per_second: float) -> int:
        now = self._clock.now()
        bucket = self._buckets.setdefault(key, _Bucket(tokens=size, filled_at=now))
        refill = (now - bucket.filled_at) * per_second
        bucket.tokens = min(float(size), bucket.tokens + refill)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) / per_second))
        bucket.tokens -= 1
        return 0

"""Time and unguessable tokens, as the workspace takes them in."""

import secrets
import time
from typing import Protocol


class Clock(Protocol):
    """Where the time of day comes from."""

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...


class Ids(Protocol):
    """Where identifiers come from."""

    def token(self) -> str:
        """A new token of upper-case letters and digits, never given out before."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> float:
        return time.time()


class RandomIds:
    """Tokens of 40 random bits, the length of Slack's own identifiers."""

    def token(self) -> str:
        return secrets.token_hex(5).upper()

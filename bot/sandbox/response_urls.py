"""Response URLs: 5 uses within 30 minutes."""

from dataclasses import dataclass

from bot.sandbox.clock import Clock, Ids

#: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
MOST_USES = 5
LIFETIME_SECONDS = 30 * 60


class ResponseUrlError(Exception):
    """A response URL that takes nothing more; `code` is Slack's error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a response URL answers: a person's doing in a channel, maybe on a message."""

    channel: str
    user: str
    message_ts: str | None = None
    thread_ts: str | None = None


@dataclass
class _Issued:
    origin: Origin
    issued_at: float
    uses: int = 0


class ResponseUrls:
    """Gives out tokens of response URLs and counts their uses."""

    def __init__(self, *, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._issued: dict[str, _Issued] = {}

    def issue(self, origin: Origin) -> str:
        """A new token."""
        token = f"{self._ids.token()}/{self._ids.token()}"
        self._issued[token] = _Issued(origin=origin, issued_at=self._clock.now())
        return token

    def use(self, token: str) -> Origin:
        """Count one use. Raises ResponseUrlError."""
        issued = self._issued.get(token)
        if issued is None:
            raise ResponseUrlError("invalid_url")
        if self._clock.now() - issued.issued_at > LIFETIME_SECONDS:
            raise ResponseUrlError("expired_url")
        if issued.uses >= MOST_USES:
            raise ResponseUrlError("used_url")
        issued.uses += 1
        return issued.origin

    def clear(self) -> None:
        """Forget every token."""
        self._issued.clear()

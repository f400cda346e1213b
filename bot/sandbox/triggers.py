"""Trigger ids: a person's press lets the app open one modal, for a short while."""

from dataclasses import dataclass

from bot.sandbox.clock import Clock, Ids


class TriggerError(Exception):
    """A trigger id that opens nothing; `code` is Slack's error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class _Trigger:
    user: str
    issued_at: float
    used: bool = False


class TriggerIds:
    """Gives out trigger ids and takes each back once, within its lifetime in seconds.

    Source of the 3 s: https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
    """

    def __init__(self, *, clock: Clock, ids: Ids, lifetime: float) -> None:
        self._clock = clock
        self._ids = ids
        self._lifetime = lifetime
        self._triggers: dict[str, _Trigger] = {}

    def issue(self, *, user: str) -> str:
        """A new trigger id for something that the person just did."""
        now = self._clock.now()
        trigger_id = f"{int(now * 1000)}.{self._ids.token()}".lower()
        self._triggers[trigger_id] = _Trigger(user=user, issued_at=now)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Use a trigger id up; answers whose it is. Raises TriggerError."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise TriggerError("invalid_trigger_id")
        if self._clock.now() - trigger.issued_at > self._lifetime:
            raise TriggerError("expired_trigger_id")
        if trigger.used:
            raise TriggerError("exchanged_trigger_id")
        trigger.used = True
        return trigger.user

    def clear(self) -> None:
        """Forget every trigger id."""
        self._triggers.clear()

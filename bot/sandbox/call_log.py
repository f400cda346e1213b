"""What was called and what was delivered, for tests and the curious."""

from collections import deque
from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.json_values import JsonObject

#: Older entries are dropped, so that a workspace can run for weeks.
MOST_ENTRIES = 5000


@dataclass
class DeliveryEntry:
    """One envelope sent to the app; milliseconds until its acknowledgement, if it came."""

    envelope_id: str
    kind: str
    attempt: int
    acknowledged_ms: float | None = None


class CallLog:
    """The last calls of the Web API and the last deliveries, oldest first."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[JsonObject] = deque(maxlen=MOST_ENTRIES)
        self._deliveries: deque[DeliveryEntry] = deque(maxlen=MOST_ENTRIES)

    def call(self, *, method: str, arguments: JsonObject, error: str | None) -> None:
        """Note one call of the Web API."""
        entry: JsonObject = {
            "at": self._clock.now(),
            "method": method,
            "ok": error is None,
            "arguments": {name: arguments[name] for name in arguments if name != "token"},
        }
        self._calls.append(entry if error is None else {**entry, "error": error})

    def delivery(self, *, envelope_id: str, kind: str, attempt: int) -> DeliveryEntry:
        """Note one delivery; the entry is completed when it is acknowledged."""
        entry = DeliveryEntry(envelope_id=envelope_id, kind=kind, attempt=attempt)
        self._deliveries.append(entry)
        return entry

    def clear(self) -> None:
        """Forget everything."""
        self._calls.clear()
        self._deliveries.clear()

    def as_object(self) -> JsonObject:
        """Both lists."""
        return {
            "calls": list(self._calls),
            "deliveries": [
                {
                    "envelope_id": entry.envelope_id,
                    "type": entry.kind,
                    "attempt": entry.attempt,
                    "acknowledged_ms": entry.acknowledged_ms,
                }
                for entry in self._deliveries
            ],
        }

"""What goes wrong on purpose."""

import asyncio
from dataclasses import dataclass
from typing import Literal

ApiMode = Literal["ok", "500", "429", "hang"]
FailMode = Literal["500", "429", "drop_after", "hang"]


@dataclass
class FailNext:
    """The next `count` calls of a method fail in this way."""

    method: str
    count: int
    mode: FailMode


class Faults:
    """The faults that are switched on. `late_seconds` holds back every delivery to the app."""

    def __init__(self, *, rate_limits: bool) -> None:
        self._rate_limits_at_start = rate_limits
        self._changed = asyncio.Event()
        self._set_defaults()

    def _set_defaults(self) -> None:
        self.rate_limits = self._rate_limits_at_start
        self.api: ApiMode = "ok"
        self.fail_next: list[FailNext] = []
        self.duplicate_deliveries = False
        self.late_seconds = 0.0

    def clear(self) -> None:
        """As it was at the start."""
        self._set_defaults()
        self.changed()

    def changed(self) -> None:
        """Let the calls that hang go, with the connection cut."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def hang(self) -> None:
        """Wait until the faults are set anew."""
        await self._changed.wait()

    def mode_of(self, method: str) -> ApiMode | FailMode:
        """How this call of a method goes, counted down where it is the next one's turn."""
        for fault in self.fail_next:
            if fault.method == method and fault.count > 0:
                fault.count -= 1
                return fault.mode
        return self.api

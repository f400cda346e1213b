"""A probe that measures one signal."""

from typing import Protocol

from bot.domain.measurement import Measurement
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.signals import Signal


class SignalProbe(Protocol):
    """Measures signals of one origin."""

    async def measure(self, loaded: LoadedPlaybook, signal: Signal) -> Measurement:
        """The value now. What cannot be measured is a Measurement without value, never an exception."""

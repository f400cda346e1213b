"""A wall clock that a test sets for a process: libfaketime, preloaded. Its steady clock is left alone.

Version 0.9.10 breaks Python's `time.sleep` on that steady clock ("Invalid argument"): the poller of DBOS's
notifications, which nothing of ours uses, ends by it and says so.
"""

from collections.abc import Mapping
from pathlib import Path


class FakeTime:
    """The clock of the processes that have its settings."""

    def __init__(self, folder: Path) -> None:
        # The library for programs with several threads, where Debian and Ubuntu put it.
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        assert found, "libfaketime is not installed: apt-get install libfaketime, or make test-peers"
        self._file = folder / "fake-time"
        self.set_by("+0")
        self.settings: Mapping[str, str] = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set_by(self, offset: str) -> None:
        """Set it to the true time and so much: `+0`, `+1h`, `-1h`."""
        # Replaced at once: the library reads it at every look at the clock.
        written = self._file.with_suffix(".new")
        written.write_text(f"{offset}\n")
        written.replace(self._file)

"""A reader of coverage that answers what a test wrote down."""

from bot.domain.playbook.loaded import LoadedPlaybook
from bot.ports.coverage import Coverage


class FakeCoverage:
    """Gives `coverage`; `reads` counts how often it was asked."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage = coverage
        self.reads = 0

    async def read(self, loaded: LoadedPlaybook) -> Coverage:
        self.reads += 1
        return self.coverage

"""What looks at the clock goes on looking."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import StoreError
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.services.looking import keep_looking, look_at_each
from tests.fakes.clock import FakeClock
from tests.integration.ledger import ledger

EVERY = 7.0


class Looker:
    """Finds each time what it was given: an error, or nothing."""

    name = "looker"
    every = EVERY

    def __init__(self, *found: Exception | None) -> None:
        self._found = list(found)

    async def look(self) -> None:
        """Take the next."""
        found = self._found.pop(0) if self._found else None
        if found is not None:
            raise found

    @property
    def left(self) -> int:
        """How often it has not looked yet."""
        return len(self._found)


async def test_the_looking_goes_on_while_the_database_is_away_and_the_log_says_so() -> None:
    clock, looker = FakeClock(), Looker(StoreError("gone"), StoreError("gone"), None)
    with capture_logs() as logged:
        looking = asyncio.create_task(keep_looking(looker, clock=clock))
        for left in (2, 1, 0):
            await clock.asleep(EVERY)
            assert looker.left == left
            clock.advance(EVERY)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    assert [(one["event"], one["problem"]) for one in logged] == [("looker.database_away", "gone")] * 2


async def test_any_other_error_ends_the_looking() -> None:
    with pytest.raises(ZeroDivisionError):
        await keep_looking(Looker(ZeroDivisionError()), clock=FakeClock())


async def test_a_migration_that_cannot_be_looked_at_keeps_no_other_from_it(tmp_path: Path) -> None:
    only = ledger(tmp_path)
    looked: list[LoadedPlaybook] = []

    async def look_at(loaded: LoadedPlaybook) -> None:
        looked.append(loaded)
        if len(looked) == 1:
            raise StoreError("gone")

    with capture_logs() as logged:
        await look_at_each([only, only], look_at, name="looker")
    assert looked == [only, only]
    assert [(one["event"], one["migration"]) for one in logged] == [
        ("looker.database_away", only.playbook.migration)
    ]

"""PostgreSQL is restarted while a rollback runs: it goes on soon after, and repeats and loses nothing."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.rollback import confirm_ledger
from tests.e2e.supervised import supervised
from tests.e2e.until import until
from tests.e2e.workspace import Person
from tests.postgres import Server, fresh_database, running_server

BACK_WITHIN_SECONDS = 10


@pytest.fixture
def database() -> Iterator[tuple[Server, str]]:
    """A server that no other test minds being stopped, and a database of it."""
    with running_server() as server, fresh_database(server.url) as url:
        yield server, url


async def test_a_run_goes_on_soon_after_postgresql_is_back(
    running: Running, settings: Mapping[str, str], database: tuple[Server, str], tmp_path: Path, sam: Person
) -> None:
    server, url = database
    ledger = Ledger(tmp_path / "playbooks", pause=0.4)
    own = {"SWITCHBACK_PLAYBOOKS": str(ledger.playbooks), "SWITCHBACK_DATABASE_URL": url}
    async with running({**settings, **own}) as bot, supervised(bot):
        await confirm_ledger(sam)
        await until(lambda: "one" in ledger.lines(), "first line")
        await asyncio.to_thread(server.stop_at_once)
        await asyncio.to_thread(server.start)
        await until(lambda: "two" in ledger.lines(), "second line", timeout=BACK_WITHIN_SECONDS)
        await asyncio.to_thread(server.stop_at_once)
        # An outage that is longer than the bot bears with it: it is started in vain meanwhile.
        process = bot.process()
        await until(lambda: bot.process() is not process and bot.process().status == 2, "vain start")
        await asyncio.to_thread(server.start)
        await until(lambda: "three" in ledger.lines(), "third line", timeout=BACK_WITHIN_SECONDS)
        message = await rollback.see_end(sam, "ledger")
        await until(lambda: bot.records.unsent() == 0, "sent outbox")
        assert ledger.lines() == list(STEPS)
        assert len(bot.records.audited("run.done")) == 1
        assert bot.records.audit_problems() == []
        assert rollback.thread_lines(sam, message) == rollback.lines(bot.records.timeline())

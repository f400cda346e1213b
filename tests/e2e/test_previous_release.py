"""A run that waits while a new release is installed: it goes on, whatever the old one had written."""

import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person

# A whole database as the first release left it, DBOS's tables included: one step is done, the next one
# waits for a person, and a job of that release is delayed that this one does not write any more.
FIRST_RELEASE = Path(__file__).with_name("first_release.sql")


def left_behind(database: Path, ledger: Ledger) -> None:
    """The old release's database, with the paths of this machine."""
    dump = FIRST_RELEASE.read_text(encoding="utf-8")
    dump = dump.replace("@PLAYBOOKS@", str(ledger.playbooks)).replace("@PYTHON@", sys.executable)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(dump)
    ledger.leave("one")


async def test_a_run_that_waited_in_the_previous_release_goes_on_in_this_one(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True)
    left_behind(tmp_path / "switchback.db", ledger)
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await sam.wait_for_message(rollback.INCIDENTS, containing="is over its budget", timeout=20)
        await rollback.decide(sam, "manual-done")
        await rollback.see_end(sam)
        assert ledger.lines() == ["one", "two", "three"]
        assert bot.records.run_statuses() == ["done"]
        assert bot.records.audit_problems() == []
        await until(lambda: bot.records.unsent() == 0, "sent outbox")


async def test_a_run_keeps_the_plan_it_was_confirmed_with_and_says_so_when_the_playbook_changed(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True)
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await rollback.confirm_ledger(sam)
        await rollback.with_button(sam, "run.step:manual-done")
        ledger.edit("Leave line three", "Leave line four")
        await bot.restart()
        kept = "The playbook was changed. This rollback keeps the plan that it was confirmed with"
        await sam.wait_for_message(rollback.INCIDENTS, containing=kept)
        await bot.restart()
        await rollback.decide(sam, "manual-done")
        await rollback.see_end(sam)
        assert ledger.lines() == ["one", "two", "three"]
        assert sum(kept in line for line in bot.records.timeline()) == 1

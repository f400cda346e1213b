"""The daily summary by the real bot: once with two replicas, once after a kill, at once when asked for."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from bot.sandbox.json_values import JsonObject
from tests.e2e import rollback
from tests.e2e.conftest import Running
from tests.e2e.daily_ledger import SLOW, Days, daily_ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person

CHANNEL = rollback.INCIDENTS
QUIET = "✅ ledger: its one check within tolerance · 1 clean day in a row"


def summaries(person: Person) -> list[JsonObject]:
    """The messages in the channel that are summaries."""
    return [message for message in person.messages(CHANNEL) if "ledger:" in rollback.read(message)]


async def test_of_two_replicas_one_posts_the_summary_of_a_day_and_a_restart_posts_no_other(
    running: Running, settings: Mapping[str, str], postgres_database: str, tmp_path: Path, sam: Person
) -> None:
    daily_ledger(tmp_path / "playbooks")
    shared = {
        **settings,
        "SWITCHBACK_PLAYBOOKS": str(tmp_path / "playbooks"),
        "SWITCHBACK_DATABASE_URL": postgres_database,
    }
    days = Days(postgres_database)
    async with AsyncExitStack() as stack:
        started = (running({**shared, "SWITCHBACK_REPLICA": name}) for name in ("a", "b"))
        a, b = await asyncio.gather(*(stack.enter_async_context(one) for one in started))
        await until(lambda: days.stand() == ["begun"], "beginning of the schedule")
        days.begin_yesterday()
        await sam.wait_for_message(CHANNEL, containing=QUIET)
        # Whoever looks anew finds it told: the first look is at the start.
        await asyncio.gather(a.restart(), b.restart())
        beats = b.records.beats()
        await until(lambda: all(now > beats[name] for name, now in b.records.beats().items()), "beats")
        assert len(summaries(sam)) == 1
        assert (days.stand(), days.reconciliations()) == (["begun", "told"], ["done"])
        assert [entry.kind for entry in a.records.audited() if entry.kind.startswith("summary.")] == [
            "summary.begun",
            "summary.due",
            "summary.told",
        ]
        await until(lambda: a.records.unsent() == 0, "sent outbox")
        assert a.records.audit_problems() == []


async def test_a_bot_that_is_killed_in_the_days_reconciliation_posts_its_summary_once_after_the_next_start(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    daily_ledger(tmp_path / "playbooks", query=SLOW)
    days = Days(settings["SWITCHBACK_DATABASE_URL"])
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(tmp_path / "playbooks")}) as bot:
        await until(lambda: days.stand() == ["begun"], "beginning of the schedule")
        days.begin_yesterday()
        await until(lambda: days.stand() == ["begun", "running"], "reconciliation of the day")
        await bot.restart()
        await sam.wait_for_message(CHANNEL, containing=QUIET, timeout=30)
        assert len(summaries(sam)) == 1
        assert (days.stand(), days.reconciliations()) == (["begun", "told"], ["done"])


async def test_a_summary_that_is_asked_for_comes_at_once_and_counts_for_no_day(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    daily_ledger(tmp_path / "playbooks")
    days = Days(settings["SWITCHBACK_DATABASE_URL"])
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(tmp_path / "playbooks")}):
        await sam.command(CHANNEL, "/reconcile ledger summary")
        message = await sam.wait_for_message(CHANNEL, containing="asked for by sam.okafor")
        assert "this is not the day's summary and counts for no day" in rollback.read(message)
        assert len(summaries(sam)) == 1
        assert days.stand() == ["begun"]

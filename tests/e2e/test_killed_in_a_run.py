"""The bot is killed (kill -9) while a rollback runs: it goes on after the restart, and repeats nothing."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.coming_to_an_end import EACH_STEP_ONCE, come_to_the_end
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person

Moment = Callable[[Bot, Ledger], Awaitable[object]]


async def intended(bot: Bot, _ledger: Ledger) -> object:
    """The second step is about to act, or acts already."""
    return await until(lambda: bot.records.steps()["two"] == "running", "second step")


async def acted(_bot: Bot, ledger: Ledger) -> object:
    """The second step has acted, and has not ended."""
    return await until(lambda: "two" in ledger.lines(), "second line")


async def recorded(bot: Bot, _ledger: Ledger) -> object:
    """The second step's outcome is recorded."""
    return await until(lambda: bot.records.steps()["two"] == "done", "second outcome")


@pytest.mark.parametrize("moment", [intended, acted, recorded])
async def test_a_step_in_which_the_bot_was_killed_is_done_once(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person, moment: Moment
) -> None:
    ledger = Ledger(tmp_path / "playbooks")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await rollback.confirm_ledger(sam)
        await moment(bot, ledger)
        await bot.restart()
        assert await come_to_the_end(bot, sam, ledger) == EACH_STEP_ONCE


async def test_kill_after_kill_a_run_comes_to_its_end_and_each_step_was_done_once(
    running: Running, settings: Mapping[str, str], postgres_database: str, tmp_path: Path, sam: Person
) -> None:
    chance = random.Random(20260108)
    ledger = Ledger(tmp_path / "playbooks")
    playbooks = {"SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}
    async with running({**settings, **playbooks, "SWITCHBACK_DATABASE_URL": postgres_database}) as bot:
        await rollback.confirm_ledger(sam)
        for _ in range(3):
            # Nothing is waited for: any moment will do.
            await asyncio.sleep(chance.uniform(0, 0.5))
            await bot.restart()
        assert await come_to_the_end(bot, sam, ledger) == EACH_STEP_ONCE


async def test_a_run_that_waits_for_a_person_is_taken_up_after_a_restart(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True)
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await rollback.confirm_ledger(sam)
        message = await rollback.with_button(sam, f"{ids.STEP}:manual-done")
        await bot.restart()
        await rollback.decide(sam, "manual-done")
        # The press is acknowledged, so the segment behind it is in the database, begun or not.
        await bot.restart()
        assert await come_to_the_end(bot, sam, ledger) == EACH_STEP_ONCE
        await until(lambda: bot.records.unsent() == 0, "sent outbox")
        assert rollback.thread_lines(sam, message) == rollback.lines(bot.records.timeline())
        assert len(bot.records.audited("step.manual-done")) == 1

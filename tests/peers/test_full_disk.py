"""The disk under the bot's SQLite database is full for a while: nothing is lost, done twice or pretended."""

from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.coming_to_an_end import WHOLE, end_by_itself
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.rollback import confirm_ledger
from tests.e2e.supervised import supervised
from tests.e2e.until import until
from tests.e2e.workspace import Person
from tests.peers.small_disk import SmallDisk

pytestmark = pytest.mark.peers

FULL = "database or disk is full"


def on(disk: SmallDisk, slack: Mapping[str, str], ledger: Ledger) -> dict[str, str]:
    """The settings of a bot whose database is on that disk."""
    url = f"sqlite:///{database(disk)}"
    return {**slack, "SWITCHBACK_DATABASE_URL": url, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}


def database(disk: SmallDisk) -> Path:
    return disk.folder / "switchback.db"


async def test_a_press_that_cannot_be_recorded_has_no_effect_and_the_person_is_told(
    running: Running, slack: Mapping[str, str], disk: SmallDisk, tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True)
    async with running(on(disk, slack, ledger)) as bot, supervised(bot):
        await confirm_ledger(sam)
        message = await rollback.with_button(sam, f"{ids.STEP}:manual-done")
        await until(lambda: bot.records.unsent() == 0, "sent outbox")
        before = bot.records.audited()
        disk.fill(database(disk))
        await told_unready(bot)
        await sam.press(message, action_id=f"{ids.STEP}:manual-done")
        await sam.wait_until(
            lambda: any(FULL in str(one["text"]) for one in sam.ephemerals(rollback.INCIDENTS)), "refusal"
        )
        assert bot.records.audited() == before
        assert ledger.lines() == ["one"]
        disk.make_room()
        await told_ready(bot)
        await rollback.decide(sam, "manual-done")
        assert await end_by_itself(bot, sam, ledger) == WHOLE
        assert len(bot.records.audited("step.manual-done")) == 1


async def test_a_step_whose_outcome_cannot_be_recorded_is_done_once(
    running: Running, slack: Mapping[str, str], disk: SmallDisk, tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", pause=0.5)
    async with running(on(disk, slack, ledger)) as bot, supervised(bot):
        await confirm_ledger(sam)
        await until(lambda: "two" in ledger.lines(), "second line")
        disk.fill(database(disk))
        await bot.process().line(FULL)
        await told_unready(bot)
        assert bot.records.steps()["two"] == "running"
        assert ledger.lines() == ["one", "two"]
        disk.make_room()
        assert await end_by_itself(bot, sam, ledger) == WHOLE


async def test_a_bot_that_is_started_on_a_full_disk_says_so_and_goes_on_when_there_is_room(
    running: Running, slack: Mapping[str, str], disk: SmallDisk, tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True, pause=0.5)
    async with running(on(disk, slack, ledger)) as bot:
        await confirm_ledger(sam)
        await rollback.with_button(sam, f"{ids.STEP}:manual-done")
        await refused_while_full(bot, disk)
        await rollback.decide(sam, "manual-done")
        await until(lambda: "two" in ledger.lines(), "second line")
        await refused_while_full(bot, disk)
        assert await end_by_itself(bot, sam, ledger) == WHOLE


async def refused_while_full(bot: Bot, disk: SmallDisk) -> None:
    """Kill the bot, start it on a full disk, and start it again when there is room."""
    bot.kill()
    disk.fill(database(disk))
    refused = await completed([SWITCHBACK, "run"], env=bot.env, cwd=disk.folder)
    assert refused.status == 2
    assert FULL in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    disk.make_room()
    await bot.start()


async def readiness(bot: Bot) -> tuple[int, object]:
    """What `/readyz` says: the status, and whether the database can be used."""
    async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/readyz") as answer:
        return answer.status, (await answer.json())["database"]


async def told_unready(bot: Bot) -> None:
    assert await readiness(bot) == (503, False)


async def told_ready(bot: Bot) -> None:
    assert await readiness(bot) == (200, True)

"""The machine's clock is set by an hour while a rollback runs: nothing is done twice, lost, or late by it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.coming_to_an_end import WHOLE, end_by_itself
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.rollback import confirm_ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person
from tests.peers.fake_time import FakeTime

pytestmark = pytest.mark.peers


@pytest.fixture
def time(tmp_path: Path) -> FakeTime:
    return FakeTime(tmp_path)


@pytest.fixture
def settings(slack: Mapping[str, str], time: FakeTime, tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path / 'switchback.db'}"
    playbooks = str(tmp_path / "playbooks")
    return {
        **slack,
        **time.settings,
        "SWITCHBACK_DATABASE_URL": url,
        "SWITCHBACK_PLAYBOOKS": playbooks,
    }


async def test_a_run_comes_to_its_end_when_the_clock_is_set_forward_and_then_back(
    running: Running, settings: Mapping[str, str], time: FakeTime, tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", wait="3s", pause=0.5)
    async with running(settings) as bot:
        await confirm_ledger(sam)
        await until(lambda: "one" in ledger.lines(), "first line")
        time.set_by("+1h")
        await until(lambda: bot.records.steps()["wait"] == "waiting", "wait")
        await bot.process().line("seconds=3600")
        time.set_by("+0")
        await bot.process().line("seconds=-3600")
        await until(lambda: "two" in ledger.lines(), "second line", timeout=10)
        time.set_by("-1h")
        assert await end_by_itself(bot, sam, ledger) == WHOLE


async def test_a_run_comes_to_its_end_when_the_clock_is_set_back_and_then_forward(
    running: Running, settings: Mapping[str, str], time: FakeTime, tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", by_hand=True, wait="20s", pause=0.5)
    async with running(settings) as bot:
        await confirm_ledger(sam)
        await until(lambda: "one" in ledger.lines(), "first line")
        time.set_by("-1h")
        await until(lambda: bot.records.steps()["wait"] == "waiting", "wait")
        time.set_by("+0")
        # Whether the clock was wrong or the machine slept cannot be known: the wait is over.
        message = await rollback.with_button(sam, f"{ids.STEP}:manual-done")
        time.set_by("-1h")
        await bot.process().line("clock.was_set")
        await sam.press(message, action_id=f"{ids.STEP}:manual-done")
        assert await end_by_itself(bot, sam, ledger) == WHOLE


async def test_a_preview_of_which_the_age_is_not_known_is_not_confirmed_and_a_new_one_is(
    running: Running, settings: Mapping[str, str], time: FakeTime, tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks")
    async with running(settings) as bot:
        await rollback.open_rollback(sam, "ledger")
        await rollback.answer(sam, "Is it wrong?", "yes")
        await rollback.with_button(sam, ids.CONFIRM)
        time.set_by("+1h")
        await refused(sam, "older than 10 minutes")
        await previewed_again(sam)
        time.set_by("+0")
        await refused(sam, "clock was set back")
        await previewed_again(sam)
        receipt = await rollback.confirm(sam, "ledger")
        assert receipt["acknowledged"] is True
        assert await end_by_itself(bot, sam, ledger) == WHOLE


async def refused(sam: Person, why: str) -> None:
    """Press the button of the verdict; the person is told why there is nothing to confirm."""
    message = await rollback.with_button(sam, ids.CONFIRM)
    await sam.press(message, action_id=ids.CONFIRM)
    await sam.wait_until(lambda: why in str(sam.view()) + str(sam.ephemerals(rollback.INCIDENTS)), why)


async def previewed_again(sam: Person) -> None:
    """Have the preview made anew."""
    before = await rollback.with_button(sam, ids.PREVIEW_AGAIN)
    await sam.press(before, action_id=ids.PREVIEW_AGAIN)
    await sam.wait_for_message(
        rollback.INCIDENTS,
        lambda message: (
            ids.CONFIRM in rollback.buttons(message) and rollback.read(message) != rollback.read(before)
        ),
    )

"""Two replicas on one PostgreSQL: any takes a press, any drives a run, and a lost one's run goes on."""

import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.coming_to_an_end import EACH_STEP_ONCE, come_to_the_end
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import Ledger
from tests.e2e.until import until
from tests.e2e.workspace import Person

# The heartbeat's five seconds, and what an act of the dead replica may still take (2.24 s).
TAKE_OVER_SECONDS = 10.0
Replicas = dict[str, Bot]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "playbooks", by_hand=True)


@pytest.fixture
async def replicas(
    running: Running, settings: Mapping[str, str], postgres_database: str, ledger: Ledger
) -> AsyncIterator[Replicas]:
    """Two replicas, both connected to Slack, which sends each press to one of them."""
    shared = {
        **settings,
        "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks),
        "SWITCHBACK_DATABASE_URL": postgres_database,
    }
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(running({**shared, "SWITCHBACK_REPLICA": name}))
            for name in ("a", "b")
        }


async def _acting(replicas: Replicas, ledger: Ledger) -> tuple[Bot, Bot]:
    """The replica that drives the run, in the middle of the second step's act, and the other one."""
    bot = replicas["a"]
    await until(lambda: "two" in ledger.lines(), "second line")
    driver = bot.records.driver()
    return replicas[driver], replicas[{"a": "b", "b": "a"}[driver]]


async def _to_the_second_step(sam: Person) -> None:
    await rollback.confirm_ledger(sam)
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    await rollback.decide(sam, "manual-done")


async def test_a_replica_that_was_killed_in_an_act_loses_its_run_to_the_other_within_ten_seconds(
    replicas: Replicas, ledger: Ledger, sam: Person
) -> None:
    await _to_the_second_step(sam)
    driver, other = await _acting(replicas, ledger)
    driver.kill()
    killed = monotonic()
    await until(lambda: other.records.steps()["two"] != "running", "outcome of the second step")
    assert monotonic() - killed < TAKE_OVER_SECONDS
    assert await come_to_the_end(other, sam, ledger) == EACH_STEP_ONCE
    assert any("does not answer; another one goes on" in line for line in other.records.timeline())


async def test_a_replica_that_was_frozen_in_an_act_does_nothing_further_when_it_thaws(
    replicas: Replicas, ledger: Ledger, sam: Person
) -> None:
    await _to_the_second_step(sam)
    driver, other = await _acting(replicas, ledger)
    driver.process().signal(signal.SIGSTOP)
    try:
        assert await come_to_the_end(other, sam, ledger) == EACH_STEP_ONCE
    finally:
        driver.process().signal(signal.SIGCONT)
    # Once it beats again it has looked at what it had been driving.
    thawed = _beats(other)
    await until(lambda: _beats(other) > thawed + 3, "beats of both")
    assert ledger.lines() == EACH_STEP_ONCE.steps
    assert other.records.run_statuses() == ["done"]
    assert other.records.audit_problems() == []


async def test_a_press_through_either_replica_is_decided_once_and_told_once(
    replicas: Replicas, ledger: Ledger, sam: Person, kim: Person
) -> None:
    await rollback.confirm_ledger(sam)
    message = await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    value = rollback.buttons(message)[f"{ids.STEP}:manual-done"]
    # Slack spreads presses over the connections: of six, both replicas get some.
    for person in (sam, kim) * 3:
        await person.press(message, action_id=f"{ids.STEP}:manual-done", value=value)
    await rollback.see_end(sam, "ledger")
    records = replicas["a"].records
    assert len(records.audited("step.manual-done")) == 1
    assert ledger.lines() == EACH_STEP_ONCE.steps
    await until(lambda: records.unsent() == 0, "sent outbox")
    assert rollback.thread_lines(sam, message) == rollback.lines(records.timeline())


def _beats(bot: Bot) -> int:
    return sum(bot.records.beats().values())

"""The bot is killed (kill -9) around the acknowledgement of a press: it was done once, or not at all."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.walk import Walk
from bot.sandbox.json_values import JsonObject
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.records import Records
from tests.e2e.rollback import open_rollback
from tests.e2e.until import until
from tests.e2e.workspace import Person

KILLS = 12
# Seconds from the press; it is acknowledged after some 20 ms.
LONGEST_DELAY = 0.04


async def test_a_press_is_done_once_or_not_at_all_wherever_the_bot_is_killed(bot: Bot, sam: Person) -> None:
    presses = await killed_around_presses(bot, sam, kills=KILLS)
    assert len(presses) == 2 * KILLS
    assert all(press.done_as_told for press in presses), presses


async def test_the_same_on_postgresql(
    running: Running, settings: Mapping[str, str], postgres_database: str, sam: Person
) -> None:
    async with running({**settings, "SWITCHBACK_DATABASE_URL": postgres_database}) as bot:
        presses = await killed_around_presses(bot, sam, kills=4)
    assert len(presses) == 2 * 4
    assert all(press.done_as_told for press in presses), presses


@dataclass(frozen=True)
class Press:
    """Whether a press was acknowledged, and how often it was done."""

    acknowledged: bool
    times: int

    @property
    def done_as_told(self) -> bool:
        """Done once when it was acknowledged, and otherwise once or not at all."""
        return self.times in ((1,) if self.acknowledged else (0, 1))


async def killed_around_presses(bot: Bot, sam: Person, *, kills: int) -> list[Press]:
    """Answer and step back in turn, and kill the bot at some moment of each press.

    Each press is looked at twice: when the bot was killed, and when it is back.
    """
    presses: list[Press] = []
    chance = random.Random(20260107)
    message = await open_rollback(sam)
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    for _ in range(kills):
        before = bot.records.walks()[0]
        pressing = asyncio.create_task(press(sam, message, before))
        await asyncio.wait([pressing], timeout=chance.uniform(0, LONGEST_DELAY))
        bot.kill()
        after = bot.records.walks()[0]
        acknowledged = pressing.done() and pressing.result()["acknowledged"] is True
        presses.append(Press(acknowledged, after.version - before.version))
        assert_whole(bot.records, after)
        await bot.start()
        receipt = await pressing
        back = bot.records.walks()[0]
        presses.append(Press(receipt["acknowledged"] is True, back.version - before.version))
        assert_whole(bot.records, back)
    await until(lambda: bot.records.unsent() == 0, "sent outbox", timeout=60)
    assert rollback.thread_lines(sam, message) == rollback.lines(bot.records.timeline())
    return presses


async def press(sam: Person, message: JsonObject, walk: Walk) -> JsonObject:
    """The press that moves the walk on: an answer to the first question, or a step back from the second."""
    action_id = ids.BACK if walk.answers else f"{ids.ANSWER}:p1"
    return await sam.press(message, action_id=action_id, value=str(ids.Shown(walk.id, walk.version)))


def assert_whole(records: Records, walk: Walk) -> None:
    """The walk, its timeline and the audit log tell of the same number of presses."""
    kinds = [entry.kind for entry in records.audited() if entry.kind.startswith("walk.")]
    assert walk.version == len(kinds) == len(records.timeline())
    assert kinds.count("walk.answered") - kinds.count("walk.stepped_back") == len(walk.answers)
    assert records.audit_problems() == []

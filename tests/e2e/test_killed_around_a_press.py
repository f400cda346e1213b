"""The bot is killed (kill -9) around the acknowledgement of a press: it was done once, or not at all."""

import asyncio
import random
from collections.abc import Mapping

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
    await killed_around_presses(bot, sam, kills=KILLS)


async def test_the_same_on_postgresql(
    running: Running, settings: Mapping[str, str], postgres_database: str, sam: Person
) -> None:
    async with running({**settings, "SWITCHBACK_DATABASE_URL": postgres_database}) as bot:
        await killed_around_presses(bot, sam, kills=4)


async def killed_around_presses(bot: Bot, sam: Person, *, kills: int) -> None:
    """Answer and step back in turn, and kill the bot at some moment of each press."""
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
        assert after.version - before.version in ((1,) if acknowledged else (0, 1))
        assert_whole(bot.records, after)
        await bot.start()
        receipt = await pressing
        assert bot.records.walks()[0].version - before.version in (
            (1,) if receipt["acknowledged"] is True else (0, 1)
        )
        assert_whole(bot.records, bot.records.walks()[0])
    await until(lambda: bot.records.unsent() == 0, "sent outbox", timeout=60)
    assert rollback.thread_lines(sam, message) == rollback.lines(bot.records.timeline())


async def press(sam: Person, message: JsonObject, walk: Walk) -> JsonObject:
    """The press that moves the walk on: an answer to the first question, or a step back from the second."""
    action_id = ids.BACK if walk.answers else f"{ids.ANSWER}:p1"
    return await sam.press(message, action_id=action_id, value=str(ids.Shown(walk.id, walk.version)))


def assert_whole(records: Records, walk: Walk) -> None:
    """The walk, its timeline and the audit log tell of the same number of presses."""
    kinds = [entry.kind for entry in records.audited()]
    assert walk.version == len(kinds) == len(records.timeline())
    assert kinds.count("walk.answered") - kinds.count("walk.stepped_back") == len(walk.answers)
    assert records.audit_problems() == []

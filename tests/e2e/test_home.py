"""What the running bot shows and posts by itself: a person's Home, and where the audit log stands."""

import asyncio

from bot.sandbox.json_values import as_object
from tests.e2e.bot_process import Bot
from tests.e2e.workspace import Person
from tests.e2e.workspace_state import plain_text_of


async def test_a_running_bot_shows_home_and_posts_the_days_anchor(bot: Bot, sam: Person) -> None:
    posted = await sam.wait_for_message("#planwise-cutover", containing="switchback audit verify --anchor")
    anchored, *_ = bot.records.audited("audit.anchored")
    assert f"--anchor {anchored.facts['number']}:{anchored.facts['digest']}" in plain_text_of(posted)
    assert [entry.subject for entry in bot.records.audited("playbook.loaded")] == ["migration:planwise"]
    await sam.open_home()
    shown = ""
    async with asyncio.timeout(10):
        while "Nothing waits for you" not in shown:
            shown = plain_text_of(as_object((await sam.state())["home"]))
    assert "*planwise* · " in shown

"""`switchback follow-ups`: listed, moved and done beside a bot that runs."""

from collections.abc import Mapping
from pathlib import Path

from bot.sandbox.json_values import JsonObject, as_object, objects_in
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.ledger_playbook import FOLLOW_UP, Ledger
from tests.e2e.program import SWITCHBACK, Program, completed
from tests.e2e.terminal.conftest import Switchback, printed
from tests.e2e.workspace import Person


async def follow_ups(bot: Bot, *arguments: str) -> Program:
    return await completed([SWITCHBACK, "follow-ups", *arguments], env=bot.env)


async def listed(bot: Bot, *arguments: str, exits: int) -> list[JsonObject]:
    program = await follow_ups(bot, *arguments, "--json")
    assert (program.ended(), program.stderr) == (exits, "")
    return objects_in(printed(program))


async def test_one_that_is_late_is_a_finding_and_is_moved_and_done(
    running: Running, settings: Mapping[str, str], tmp_path: Path, sam: Person
) -> None:
    ledger = Ledger(tmp_path / "playbooks", follow_up_after="1s")
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as bot:
        await rollback.confirm_ledger(sam)
        await rollback.with_button(sam, ids.FOLLOW_UP_DONE)
        (late,) = await listed(bot, exits=1)
        one = str(late["id"])
        assert (late["name"], late["owner"], late["reminded"]) == ("cause", "operator", 1)
        text = await follow_ups(bot)
        assert text.ended() == 1
        assert f"{one}  ledger  ❌ due since " in text.stdout

        moved = await follow_ups(bot, "move", one, "--by", "4h", "--reason", "The vendor is away")
        assert (moved.ended(), moved.stdout.startswith(f"{one}  ledger  ⏳ due ")) == (0, True)
        await rollback.with_button(sam, ids.FOLLOW_UP_DONE, containing="The vendor is away")
        (waiting,) = await listed(bot, "--migration", "ledger", exits=0)
        assert (waiting["seconds_late"], waiting["reason"]) == (0.0, "The vendor is away")

        for wrong, status in (
            (["--by", "soon", "--reason", "x"], 2),
            (["--by", "4h"], 2),
            (["--by", "4h", "--reason", " "], 1),
        ):
            refused = await follow_ups(bot, "move", one, *wrong)
            assert (refused.ended(), "Traceback" in refused.stderr) == (status, False)

        done = await follow_ups(bot, "done", one, "--json")
        assert (done.ended(), as_object(printed(done))["status"]) == (0, "done")
        await sam.wait_for_message(rollback.INCIDENTS, containing=f"{FOLLOW_UP}* was done by ")
        again = await follow_ups(bot, "done", one)
        assert (again.ended(), again.stdout) == (1, "")
        assert f"(terminal) marked “{FOLLOW_UP}” as done already" in again.stderr
        assert await listed(bot, exits=0) == []
        (kept,) = await listed(bot, "--all", exits=0)
        assert kept["status"] == "done"


def test_without_any_there_is_a_line_and_an_empty_list(switchback: Switchback, folder: Path) -> None:
    (folder / "empty").mkdir()
    for arguments, line in (
        ([], "No follow-up is open.\n"),
        (["--migration", "planwise"], "No follow-up of planwise is open.\n"),
        (["--all"], "No follow-up has been planned yet.\n"),
    ):
        told = switchback("follow-ups", *arguments, SWITCHBACK_PLAYBOOKS="empty")
        assert (told.ended(), told.stdout) == (0, line)
    assert printed(switchback("follow-ups", "--json")) == []
    unknown = switchback("follow-ups", "done", "01NOTHING")
    assert unknown.ended() == 2
    assert unknown.stderr == "switchback: There is no follow-up “01NOTHING”. Known: none\n"

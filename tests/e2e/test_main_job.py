"""From “something is wrong” to the end of the rollback, as a person does it, on each set-up."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from aiohttp.test_utils import unused_port

from bot.sandbox.json_values import JsonObject
from bot.sandbox.server import running_workspace
from bot.sandbox.settings import LOCAL_SIGNING, WorkspaceSettings
from bot.slack import action_ids as ids
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import MANIFEST, Running
from tests.e2e.planwise_example import Example
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.until import until
from tests.e2e.workspace import Person, signed_in

SUMMARIES = "#planwise-parallel-run"


@dataclass(frozen=True)
class Seen:
    """What anybody can see once it is over; `audit_verified` is the command's exit status and verdict."""

    new_answers: int
    router_answers: tuple[int, str]
    copies_are_whole: list[bool]
    audit_verified: tuple[int, bool]


BACK_ON_LEGACY = Seen(
    new_answers=503, router_answers=(200, "legacy"), copies_are_whole=[True], audit_verified=(0, True)
)


@asynccontextmanager
async def over_http(running: Running, settings: dict[str, str]) -> AsyncIterator[tuple[Bot, Person]]:
    """A workspace that reaches the bot by signed HTTP."""
    port = unused_port()
    request_url = f"http://127.0.0.1:{port}/slack/events"
    asked = WorkspaceSettings(port=0, manifest_path=MANIFEST, request_url=request_url)
    async with running_workspace(asked) as workspace, signed_in(workspace.url, "U0ONCALL") as sam:
        http = {name: value for name, value in settings.items() if name != "SLACK_APP_TOKEN"}
        changed = {"SLACK_API_URL": workspace.api_url, "SWITCHBACK_PORT": str(port)}
        async with running({**http, **changed, "SLACK_SIGNING_SECRET": LOCAL_SIGNING}) as bot:
            yield bot, sam


async def test_the_main_job_over_socket_mode_and_sqlite(bot: Bot, sam: Person, example: Example) -> None:
    assert await main_job(bot, sam, example) == BACK_ON_LEGACY


async def test_the_main_job_on_postgresql(
    running: Running, settings: dict[str, str], postgres_database: str, sam: Person, example: Example
) -> None:
    async with running({**settings, "SWITCHBACK_DATABASE_URL": postgres_database}) as bot:
        assert await main_job(bot, sam, example) == BACK_ON_LEGACY


async def test_the_main_job_over_signed_http(
    running: Running, settings: dict[str, str], example: Example
) -> None:
    async with over_http(running, settings) as (bot, sam):
        assert await main_job(bot, sam, example) == BACK_ON_LEGACY


async def main_job(bot: Bot, sam: Person, example: Example) -> Seen:
    """From the reconciliation to the end of the rollback; what is then seen from outside."""
    await reconcile(sam, example)
    await decide(sam)
    message = await roll_back(sam)
    await until(lambda: bot.records.unsent() == 0, "sent outbox")
    assert_timeline(rollback.thread_lines(sam, message), bot.records.timeline())
    await sam.wait_for_message(SUMMARIES, containing="Planwise is back on legacy")
    return await seen_from_outside(bot, example)


async def reconcile(sam: Person, example: Example) -> None:
    expected = json.loads((example.data / "expected.json").read_text())["checks"]
    await sam.command(SUMMARIES, "/reconcile planwise")
    await sam.wait_for_message(SUMMARIES, containing="Reconciling planwise: 6 checks")
    result = await sam.wait_for_message(SUMMARIES, containing="❌ planwise: 4 of 6 checks outside tolerance")
    shown = rollback.read(result)
    total = expected["total-compensation"]
    for number in (float(total["legacy"]), float(total["new"])):
        assert f"{number:,.0f}" in shown
    assert "+7.2%" in shown
    assert shown.index("Total compensation") < shown.index("Growth rate")


async def decide(sam: Person) -> None:
    await rollback.open_rollback(sam)
    await rollback.measured(sam, rollback.SEVERITY, "7.2%")
    await rollback.answer(sam, rollback.SEVERITY, "p1")
    await rollback.answer(sam, rollback.DATA_WRONG, "unknown")
    await rollback.answer(sam, rollback.SECURITY, "no")
    await rollback.measured(sam, rollback.VARIANCE, "7.2%")
    await rollback.answer(sam, rollback.VARIANCE, "yes")
    verdict = rollback.read(await rollback.with_button(sam, ids.CONFIRM))
    assert verdict.startswith("planwise: Roll back to legacy, plan immediate: ")
    assert "7.2% > 5%" in verdict
    assert "4 stages, 9 steps, budget 5m" in verdict
    assert "PUT http://127.0.0.1:" in verdict
    assert "Nothing has been done yet" in verdict


async def roll_back(sam: Person) -> JsonObject:
    receipt = await rollback.confirm(sam)
    assert receipt["acknowledged"] is True
    await sam.wait_for_no_view()
    waiting = await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    assert "Call payroll and confirm" in rollback.read(waiting)
    await rollback.decide(sam, "manual-done")
    message = await rollback.see_end(sam)
    shown = rollback.read(message)
    assert shown.startswith("✅ planwise: “Back to legacy at once” is done · ")
    assert "of 5:00 · 9 of 9 steps" in shown
    assert rollback.buttons(message) == {}
    return message


def assert_timeline(thread: list[str], recorded: list[str]) -> None:
    assert thread == rollback.lines(recorded)
    beginnings = [
        "sam.okafor: opened the rollback of Workforce planning",
        f"sam.okafor: “{rollback.SEVERITY}”: P1",
        f"sam.okafor: “{rollback.DATA_WRONG}”: I don't know",
        f"sam.okafor: “{rollback.SECURITY}”: No",
        f"sam.okafor: “{rollback.VARIANCE}”: Yes",
        "sam.okafor: confirmed the rollback: plan “Back to legacy at once”, 9 steps",
        "Switchback: ✅ Switch off access to the new system",
        "Switchback: ✅ See that the new system answers 503",
        "Switchback: ✅ See that legacy answers",
        "Switchback: ✅ Route everybody to legacy",
        "Switchback: ✅ See that the router answers from legacy",
        "Switchback: ✅ Keep a copy of the new system's database",
        "Switchback: ✅ Keep a copy of its access switch",
        "Switchback: ⏳ Waits for you: Confirm with payroll. Do it by hand",
        "sam.okafor: did by hand “Confirm with payroll”",
        "Switchback: ✅ Tell the parallel run",
        "Switchback: ✅ “Back to legacy at once” is done in ",
        "Switchback: Next: Start the root-cause analysis by ",
    ]
    assert len(recorded) == len(beginnings), recorded
    for line, beginning in zip(recorded, beginnings, strict=True):
        assert line.startswith(beginning)


async def seen_from_outside(bot: Bot, example: Example) -> Seen:
    status, answer = await example.look("router")
    copies = (example.data / "preserved").glob("new-*.db")
    verified = await completed([SWITCHBACK, "audit", "verify", "--json"], env=bot.env)
    return Seen(
        new_answers=(await example.look("new"))[0],
        router_answers=(status, str(answer["system"])),
        copies_are_whole=[dump(copy) == dump(example.data / "new.db") for copy in copies],
        audit_verified=(verified.ended(), json.loads(verified.stdout)["whole"]),
    )


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return list(connection.iterdump())

"""Down to the row, as the data lead does it: the table, the file, and calling off what takes too long."""

import csv
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import cast

import aiohttp
import pytest
import sqlalchemy as sa

from bot.sandbox.json_values import JsonObject, as_list, as_object, dump, objects_in
from bot.sandbox.server import RunningWorkspace
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import Running
from tests.e2e.planwise_example import EXAMPLE
from tests.e2e.workspace import Person, signed_in

SUMMARIES = "#planwise-parallel-run"
# A salary that is in both systems, differs, and may be nowhere else.
PLANTED = ("98765431", "98765432")
BIG = 200_000


@pytest.fixture
async def dana(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    """The data lead."""
    async with signed_in(workspace.url, "U0DATA") as person:
        yield person


@pytest.fixture
def planted(tmp_path: Path, planwise_data: Path) -> Path:
    """A folder of playbooks with planwise: somebody's salary differs between its systems."""
    planwise = tmp_path / "playbooks" / "planwise"
    planwise.mkdir(parents=True)
    text = (EXAMPLE / "playbook.yml").read_text(encoding="utf-8")
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("  schedule:"))
    (planwise / "playbook.yml").write_text(text, encoding="utf-8")
    data = planwise / "data"
    data.mkdir()
    for path in planwise_data.iterdir():
        if path.is_file():
            (data / path.name).write_bytes(path.read_bytes())
    for name, column, salary in (
        ("legacy", "salary", PLANTED[0]),
        ("new", "current_compensation", PLANTED[1]),
    ):
        with closing(sqlite3.connect(data / f"{name}.db", isolation_level=None)) as connection:
            connection.execute(f"UPDATE employees SET {column} = {salary} WHERE employee_id = 1234")
    return planwise.parent


@pytest.fixture
def slow(planted: Path) -> Path:
    """The same, with a table that takes long: legacy is read gently."""
    playbook = planted / "planwise" / "playbook.yml"
    text = playbook.read_text(encoding="utf-8")
    text = text.replace('legacy.db", timeout: 10s', 'legacy.db", timeout: 10s, throttle: 1%')
    rows = "{key: [id], legacy: {table: big}, new: {table: big}}"
    big = f"    - {{id: big, title: Big, owner: data-lead, on_fail: Look, rows: {rows}}}\n"
    playbook.write_text(text.replace("  checks:\n", f"  checks:\n{big}", 1), encoding="utf-8")
    for name in ("legacy", "new"):
        with closing(
            sqlite3.connect(planted / f"planwise/data/{name}.db", isolation_level=None)
        ) as connection:
            connection.execute("CREATE TABLE big (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
            numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            connection.execute(f"INSERT INTO big {numbers} SELECT i, i FROM n", (BIG,))
    return planted


@pytest.fixture
async def rows_bot(running: Running, settings: dict[str, str], planted: Path) -> AsyncIterator[Bot]:
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(planted)}) as one:
        yield one


def table_of(message: JsonObject) -> list[list[str]]:
    block = next(block for block in objects_in(message["blocks"]) if block["type"] == "data_table")
    return [[str(as_object(cell)["text"]) for cell in as_list(row)] for row in as_list(block["rows"])]


async def with_button(person: Person, action_id: str) -> JsonObject:
    return await person.wait_for_message(
        SUMMARIES, lambda message: action_id in rollback.buttons(message), timeout=20
    )


async def file_of(person: Person) -> tuple[JsonObject, str]:
    """The newest file that a person was sent, and its content."""
    found: list[JsonObject] = []

    def arrived() -> bool:
        messages = person.page.messages.values()
        found[:] = [file for message in messages for file in objects_in(message.get("files") or [])]
        return bool(found)

    await person.wait_until(arrived, "file", 20)
    async with (
        aiohttp.ClientSession() as session,
        session.get(str(found[-1]["url_private_download"])) as answer,
    ):
        return found[-1], (await answer.read()).decode("utf-8-sig")


async def everything_in(workspace: RunningWorkspace, bot: Bot) -> str:
    """All that was sent to Slack, all that the bot has stored, and all that it has logged."""
    told = [bot.output]
    for user in ("U0DATA", "U0ONCALL"):
        async with signed_in(workspace.url, user) as person:
            told.append(dump(await person.state()))
    engine = sa.create_engine(bot.records.url)
    with engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            rows = connection.execute(sa.text(f'SELECT * FROM "{name}"'))
            told += [json.dumps([str(value) for value in row]) for row in rows]
    engine.dispose()
    return "\n".join(told)


async def test_the_data_lead_gets_down_to_the_row_and_no_salary_is_anywhere(
    rows_bot: Bot, workspace: RunningWorkspace, planted: Path, dana: Person, sam: Person
) -> None:
    await dana.command(SUMMARIES, "/reconcile planwise employees")
    result = await with_button(dana, "rows.show:employees")
    expected = json.loads((planted / "planwise/data/expected.json").read_text())["checks"]["employees"]
    differing = {**expected["differing"], "1234": [*expected["differing"].get("1234", ()), "salary"]}
    first = rollback.read(result).splitlines()[0]
    assert f"❌ planwise, only employees: Employee records: {len(differing)} rows differ (limit 0%)" in first
    await sam.press(result, action_id="rows.show:employees")
    rows = await with_button(dana, "rows.csv:employees")
    assert rows["thread_ts"] == result["ts"]
    head, *lines = table_of(rows)
    assert head == ["employee_id", "Column", "Legacy", "New", "Difference"]
    assert {(line[0], line[1]) for line in lines} == {
        (key, column) for key, columns in differing.items() for column in columns
    }
    assert ["1234", "salary", "hidden", "hidden", "differing"] in lines
    await dana.wait_for_message(
        SUMMARIES,
        lambda found: found["ts"] == result["ts"] and "rows.show:employees" not in rollback.buttons(found),
    )

    await sam.press(rows, action_id="rows.csv:employees")
    await sam.wait_for_message(SUMMARIES, containing="You may not get all rows of this check of planwise")
    await dana.press(rows, action_id="rows.csv:employees")
    file, content = await file_of(dana)
    assert str(file["name"]).startswith("planwise-employees-rows-")
    written = list(csv.DictReader(io.StringIO(content)))
    assert {(line["employee_id"], line["column"]) for line in written} == {
        (key, column) for key, columns in differing.items() for column in columns
    }
    (exported,) = rows_bot.records.audited("rows.exported")
    assert exported.actor.startswith("U0DATA")
    told = content + await everything_in(workspace, rows_bot)
    assert "1234" in told
    assert not [salary for salary in PLANTED if salary in told]


@pytest.mark.usefixtures("slow")
async def test_a_comparison_that_takes_long_says_how_far_it_is_and_is_called_off_at_once(
    rows_bot: Bot, dana: Person, sam: Person
) -> None:
    await dana.command(SUMMARIES, "/reconcile planwise big employees --rows")
    going_on = await dana.wait_for_message(
        SUMMARIES,
        lambda found: "Big: " in rollback.read(found) and "rows" in rollback.read(found),
        timeout=30,
    )
    assert "reconciling, 0 of 2 checks done · Big: " in rollback.read(going_on)
    await sam.press(going_on, action_id="reconcile.cancel")
    ended = await dana.wait_for_message(SUMMARIES, containing="reconciliation called off by", timeout=5)
    assert ended["ts"] == going_on["ts"]
    assert "reconcile.cancel" not in rollback.buttons(ended)
    await rows_bot.process().line("reconciliation.called_off")
    shown_for = rollback.buttons(going_on)["reconcile.cancel"]
    await sam.press(going_on, action_id="reconcile.cancel", value=shown_for)
    await sam.wait_for_message(SUMMARIES, containing="called this reconciliation of planwise off already")
    await dana.command(SUMMARIES, "/reconcile planwise employees")
    await with_button(dana, "rows.show:employees")
    kinds = [entry.kind for entry in rows_bot.records.audited() if entry.kind.startswith("reconciliation.")]
    assert kinds == [
        "reconciliation.asked",
        "reconciliation.cancelled",
        "reconciliation.asked",
        "reconciliation.done",
    ]


async def test_what_is_not_known_behind_the_command_is_answered_with_what_is(
    rows_bot: Bot, dana: Person
) -> None:
    for words, said in (
        ("planwise employes", "Did you mean employees?"),
        ("planwise employees --row", "Did you mean --rows?"),
        ("planwise growth-rate —rows", "growth-rate compares no rows. Checks that do: employees"),
    ):
        await dana.command(SUMMARIES, f"/reconcile {words}")
        answer = await dana.wait_for_message(SUMMARIES, containing=said)
        assert cast(bool, answer["ephemeral"])
    assert rows_bot.records.audited("reconciliation.asked") == []

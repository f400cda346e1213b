"""A rollback that others have to approve, asked for and started at the terminal by a person who is known."""

import os
import pwd
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.sandbox.json_values import as_object
from bot.sandbox.server import running_workspace
from bot.sandbox.settings import WorkspaceSettings
from bot.slack import action_ids as ids
from bot.store.tables import start_requests
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.conftest import MANIFEST, Running
from tests.e2e.ledger_playbook import STEPS, Ledger
from tests.e2e.program import SWITCHBACK, Program, completed
from tests.e2e.terminal.alone import DECIDED, Alone
from tests.e2e.terminal.conftest import printed
from tests.e2e.terminal.person import sitting
from tests.e2e.until import until
from tests.e2e.workspace import Person, signed_in

ACCOUNT = pwd.getpwuid(os.getuid()).pw_name
ALONE = ("--alone", "Slack is away")
WAYS = "It waits for approvals · a go on alone"


def map_account(ledger: Ledger) -> None:
    """The account of these tests is Sam, and one other person has to approve."""
    ledger.edit("environments:", f"people: {{{ACCOUNT}: U0ONCALL}}\nenvironments:")


def let_requests_expire(alone: Alone) -> None:
    """The time of every request is over."""
    engine = sa.create_engine(alone.env["SWITCHBACK_DATABASE_URL"], poolclass=sa.NullPool)
    with engine.begin() as connection:
        body = connection.execute(sa.select(start_requests.c.body)).scalar_one()
        over = {**body, "expires_at": "2026-01-01T00:00:00Z"}
        connection.execute(start_requests.update().values(body=over))
    engine.dispose()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "playbooks", quorum=1)
    map_account(ledger)
    return ledger


@pytest.fixture
async def bot(running: Running, settings: Mapping[str, str], ledger: Ledger) -> AsyncIterator[Bot]:
    async with running({**settings, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}) as one:
        yield one


async def switchback(bot: Bot, *arguments: str) -> Program:
    return await completed([SWITCHBACK, *arguments], env=bot.env)


async def approve(person: Person) -> None:
    """Press the button in Slack, and type the migration's name."""
    await person.press(await rollback.with_button(person, ids.APPROVE), action_id=ids.APPROVE)
    view = await person.wait_for_view(lambda view: view.get("callback_id") == ids.APPROVE_MODAL)
    await person.submit(view, {"name": "ledger"})


async def test_what_is_asked_for_at_the_terminal_another_person_approves_in_slack_and_not_who_asked(
    bot: Bot, ledger: Ledger, tmp_path: Path, sam: Person, kim: Person
) -> None:
    with sitting(*DECIDED, env=bot.env, cwd=tmp_path) as keyboard:
        await keyboard.program.line(WAYS)
        message = await rollback.with_button(sam, ids.APPROVE)
        assert f"rollback asked for by {ACCOUNT} (terminal) · 0 of 1 approvals" in rollback.read(message)
        await sam.press(message, action_id=ids.APPROVE)
        await sam.wait_for_message(rollback.INCIDENTS, containing="You asked for this rollback")
        await approve(kim)
        assert await keyboard.program.end() == 0
        assert "kim.larsen approved this already, and the rollback was started" in keyboard.program.stdout
        assert "Follow it: switchback runs watch " in keyboard.program.stdout
    await rollback.see_end(sam)
    assert ledger.lines() == list(STEPS)
    asked = bot.records.audited("start.requested")
    assert [entry.actor for entry in asked] == [f"U0ONCALL ({ACCOUNT} (terminal))"]


async def test_a_script_is_told_what_it_waits_for_and_a_person_takes_it_up_and_withdraws_it(
    bot: Bot, tmp_path: Path
) -> None:
    asked = await switchback(bot, *DECIDED, "--json")
    body = as_object(printed(asked))
    assert (asked.ended(), body["status"], body["run"]) == (1, "concluded", None)
    request = as_object(body["request"])
    assert (request["status"], request["needed"], request["approved_by"]) == ("open", 1, [])
    with sitting("rollback", "ledger", env=bot.env, cwd=tmp_path) as keyboard:
        await keyboard.types("x", when=WAYS)
        await keyboard.types("w", when=WAYS, times=2)
        await keyboard.types("q", when="type ledger to roll back")
        assert await keyboard.program.end() == 1
        assert "“x” is none of these" in keyboard.program.stdout
    assert bot.records.run_statuses() == []
    assert len(bot.records.audited("start.withdrawn")) == 1


async def test_a_script_that_waits_goes_on_with_the_last_approval(bot: Bot, kim: Person) -> None:
    with Program([SWITCHBACK, *DECIDED, "--wait"], env=bot.env) as script:
        await script.line("⏳ 0 of 1 approvals, asked for by ")
        await approve(kim)
        assert (await script.end(), script.stderr) == (0, "")
        assert "Follow it: switchback runs watch " in script.stdout


async def test_with_slack_away_one_goes_on_alone_and_slack_hears_of_it_and_of_the_review_when_it_is_back(
    running: Running, settings: Mapping[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    ledger.edit("{users: [U0ONCALL, U0SECOND]}", "{usergroup: planwise-oncall}")
    kept = tmp_path / "workspace.db"
    async with running_workspace(
        WorkspaceSettings(port=0, manifest_path=MANIFEST, data_path=kept)
    ) as workspace:
        port = workspace.port
        api = {"SLACK_API_URL": workspace.api_url, "SWITCHBACK_PLAYBOOKS": str(ledger.playbooks)}
        starting = running({**settings, **api})
        bot = await starting.__aenter__()
        async with signed_in(workspace.url, "U0SECOND") as kim:
            await rollback.open_rollback(kim, "ledger")
    try:
        gone = await switchback(bot, *DECIDED, *ALONE, "--json")
        body = as_object(printed(gone))
        assert (gone.ended(), gone.stderr, body["run_status"]) == (0, "", "running")
        ended = await switchback(bot, "runs", "watch", "ledger")
        assert (ended.ended(), ledger.lines()) == (0, list(STEPS))
        (run,) = bot.records.audited("run.broke_glass")
        assert run.actor == f"U0ONCALL ({ACCOUNT} (terminal))"
        async with (
            running_workspace(
                WorkspaceSettings(port=port, manifest_path=MANIFEST, data_path=kept)
            ) as workspace,
            signed_in(workspace.url, "U0SECOND") as kim,
        ):
            paged = await kim.wait_for_message(
                rollback.INCIDENTS,
                lambda message: "<@U0SECOND>" in str(message["blocks"]),
                containing="alone: Slack is away",
                timeout=40,
            )
            assert "U0ONCALL" not in str(paged["blocks"])
            await rollback.with_button(kim, ids.REVIEW_DONE)
            copied = [line for line in bot.records.timeline() if "went on alone" in line]
            assert "(operator as of " in copied[0]
    finally:
        await starting.__aexit__(None, None, None)


async def test_without_a_bot_a_person_asks_goes_on_alone_with_a_reason_and_drives_from_there(
    tmp_path: Path,
) -> None:
    alone = Alone(tmp_path, quorum=1)
    map_account(alone.ledger)
    undriven = await alone.run(*DECIDED, *ALONE)
    assert (undriven.ended(), alone.records.run_statuses()) == (1, [])
    with sitting(*DECIDED, "--drive", env=alone.env, cwd=tmp_path) as keyboard:
        await keyboard.types("a", when=WAYS)
        await keyboard.types("Nobody answers", when="Reason (q: do nothing)")
        assert (await keyboard.program.end(), keyboard.program.stderr) == (0, "")
    assert alone.ledger.lines() == list(STEPS)
    assert len(alone.records.audited("run.broke_glass")) == 1
    assert alone.records.audit_problems() == []


async def test_a_request_whose_time_is_over_ends_without_a_bot_and_is_asked_for_anew(tmp_path: Path) -> None:
    alone = Alone(tmp_path, quorum=1)
    map_account(alone.ledger)
    assert (await alone.run(*DECIDED, "--drive")).ended() == 1
    let_requests_expire(alone)
    late = await alone.run("rollback", "ledger", *ALONE, "--drive")
    assert (late.ended(), alone.records.run_statuses()) == (1, [])
    again = await alone.run("rollback", "ledger", "--confirm", "ledger", *ALONE, "--drive")
    assert (again.ended(), alone.ledger.lines()) == (0, list(STEPS))


async def test_an_account_that_nobody_is_known_by_is_told_how_to_be_known(
    tmp_path: Path, alone: Alone
) -> None:
    unknown = Alone(tmp_path / "quorum", quorum=1)
    refused = await unknown.run(*DECIDED, "--drive")
    assert (refused.ended(), unknown.records.run_statuses()) == (1, [])
    assert f"add to the playbook: people: {{{ACCOUNT}: U…}}" in refused.stderr
    needless = await alone.run(*DECIDED, *ALONE, "--drive")
    assert (needless.ended(), alone.records.walks()) == (1, [])
    assert "takes no approvals. Leave --alone out" in needless.stderr


async def test_the_account_is_the_processs_own_whatever_the_environment_says(alone: Alone) -> None:
    alone.ledger.edit("environments:", "people: {kim: U0SECOND}\nenvironments:")
    env = {**alone.env, "USER": "kim", "LOGNAME": "kim", "USERNAME": "kim"}
    asked = await completed([SWITCHBACK, "rollback", "ledger"], env=env)
    assert asked.ended() == 1
    assert alone.records.walks()[0].started_by.id == f"terminal:{ACCOUNT}"


async def test_whose_role_is_not_the_one_for_it_is_refused_at_the_terminal_as_in_slack(alone: Alone) -> None:
    alone.ledger.edit(
        "environments:",
        f"people: {{{ACCOUNT}: U0GUEST}}\nenvironments:",
    )
    alone.ledger.edit("U0SECOND]}}", "U0SECOND]}, board: {users: [U0GUEST]}}")
    refused = await alone.run("rollback", "ledger")
    assert refused.ended() == 1
    assert "You may not roll back ledger. Ask someone who is operator (2 listed people)" in refused.stderr
    assert alone.records.walks() == []
    await until(lambda: len(alone.records.audited("refused")) == 1, "audited refusal")

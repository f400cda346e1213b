"""`switchback runs`, `audit verify` and `doctor`, beside a bot and without one."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bot.domain.audit import AuditEntry
from bot.sandbox.json_values import as_list, as_object, objects_in
from bot.slack import action_ids as ids
from bot.store.tables import audit, audit_head
from tests.e2e import rollback
from tests.e2e.bot_process import Bot
from tests.e2e.program import SWITCHBACK, completed
from tests.e2e.terminal.conftest import Switchback, printed
from tests.e2e.workspace import Person


async def test_a_run_is_listed_and_shown_while_it_waits(bot: Bot, sam: Person) -> None:
    await rollback.to_verdict(sam)
    await rollback.confirm(sam)
    await rollback.with_button(sam, f"{ids.STEP}:manual-done")
    listed = await completed([SWITCHBACK, "runs", "--json"], env=bot.env)
    (run,) = objects_in(printed(listed))
    assert (listed.ended(), listed.stderr) == (0, "")
    assert (run["migration"], run["status"], run["settled"], run["total"]) == ("planwise", "waiting", 7, 9)
    shown = await completed([SWITCHBACK, "runs", "show", str(run["id"]), "--json"], env=bot.env)
    steps = objects_in(as_object(printed(shown))["steps"])
    assert [step["status"] for step in steps] == ["done"] * 7 + ["waiting", "pending"]
    text = await completed([SWITCHBACK, "runs", "show", str(run["id"])], env=bot.env)
    assert "waiting  Confirm with payroll" in text.stdout


def test_without_a_run_there_is_a_line_and_an_empty_list(switchback: Switchback) -> None:
    assert switchback("runs").stdout == "No rollback has run yet.\n"
    assert printed(switchback("runs", "--json")) == []
    unknown = switchback("runs", "show", "01NOTHING")
    assert (unknown.ended(), len(unknown.stderr.splitlines())) == (2, 1)
    assert "Traceback" not in unknown.stderr


def test_runs_of_an_unknown_migration_are_an_error_that_names_the_known_ones(switchback: Switchback) -> None:
    told = switchback("runs", "--migration", "planwize")
    assert (told.ended(), told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "switchback: There is no migration “planwize”. Did you mean planwise? Known: planwise"
    ]
    known = switchback("runs", "--migration", "planwise")
    assert (known.ended(), known.stdout) == (0, "No rollback of planwise has run yet.\n")


def test_what_was_recorded_is_read_without_any_playbook(switchback: Switchback, folder: Path) -> None:
    switchback("reconcile", "planwise")
    (folder / "empty").mkdir()
    for playbooks in ("nowhere", "empty"):
        for command, line in (
            (["runs", "--migration", "planwise"], "No rollback of planwise has run yet.\n"),
            (["audit", "verify"], "✅ the audit log is whole: 4 entries\n"),
        ):
            told = switchback(*command, SWITCHBACK_PLAYBOOKS=playbooks)
            assert (told.ended(), told.stdout, told.stderr) == (0, line, "")
        unknown = switchback("runs", "show", "01NOTHING", SWITCHBACK_PLAYBOOKS=playbooks)
        assert unknown.ended() == 2
        assert "There is no run “01NOTHING”" in unknown.stderr


def test_an_audit_log_that_was_tampered_with_is_told_with_exit_status_1(
    switchback: Switchback, folder: Path
) -> None:
    switchback("reconcile", "planwise")
    whole = switchback("audit", "verify")
    assert (whole.ended(), whole.stdout) == (0, "✅ the audit log is whole: 4 entries\n")
    engine = sa.create_engine(f"sqlite:///{folder / 'switchback.db'}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(audit.update().where(audit.c.number == 1).values(kind="nothing"))
    engine.dispose()
    told = switchback("audit", "verify", "--json")
    body = as_object(printed(told))
    assert (told.ended(), body["whole"], body["entries"]) == (1, False, 4)
    assert as_list(body["problems"]) == ["entry 1 was changed after it was written"]


def test_a_log_that_was_rewritten_does_not_go_through_the_entry_that_somebody_copied(
    switchback: Switchback, folder: Path
) -> None:
    switchback("reconcile", "planwise")
    engine = sa.create_engine(f"sqlite:///{folder / 'switchback.db'}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        last = connection.execute(sa.select(audit).where(audit.c.number == 4)).one()
        copied = f"4:{last.digest}"
        forged = AuditEntry(**{name: getattr(last, name) for name in AuditEntry.__dataclass_fields__})
        digest = replace(forged, actor="U0EVE (Eve)").digest()
        connection.execute(
            audit.update().where(audit.c.number == 4).values(actor="U0EVE (Eve)", digest=digest)
        )
        connection.execute(audit_head.update().values(digest=digest))
    engine.dispose()
    told = switchback("audit", "verify", "--anchor", f"4:{digest}", "--anchor", copied, "--json")
    assert (told.ended(), as_list(as_object(printed(told))["problems"])) == (
        1,
        ["entry 4 is another one than that of the anchor given: the log was rewritten"],
    )
    wrong = switchback("audit", "verify", "--anchor", "4:abc")
    assert (wrong.ended(), "digest of 64 characters" in wrong.stderr) == (2, True)


async def test_the_doctor_finds_nothing_wrong_beside_a_bot_that_runs(bot: Bot) -> None:
    told = await completed([SWITCHBACK, "doctor", "--json"], env=bot.env)
    body = as_object(printed(told))
    assert (told.ended(), told.stderr, body["fine"]) == (0, "", True)
    examined = [one["name"] for one in objects_in(body["examined"])]
    assert examined == ["database", "adapters", "playbooks", "second factors", "slack"]


def test_the_doctor_says_all_that_is_missing_with_exit_status_2(switchback: Switchback) -> None:
    told = switchback("doctor", SWITCHBACK_PLAYBOOKS="nowhere")
    assert told.ended() == 2
    marks = {line[2:].split(":")[0]: line[0] for line in told.stdout.splitlines()}
    fine, missing = ("database", "adapters", "second factors"), ("playbooks", "slack")
    assert marks == {**dict.fromkeys(fine, "✅"), **dict.fromkeys(missing, "❌")}
    assert "SLACK_BOT_TOKEN" in told.stdout
    assert "Traceback" not in told.stderr

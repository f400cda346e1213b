"""`switchback reconcile` needs no other setting than the folder of playbooks."""

import csv
import json
import os
import pwd
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import OperationalError

from bot.sandbox.json_values import as_object, objects_in
from tests.e2e.planwise_example import generated
from tests.e2e.program import SWITCHBACK, Program, environment
from tests.e2e.records import Records
from tests.e2e.terminal.conftest import Switchback, printed
from tests.e2e.until import until


def test_discrepancies_are_told_with_their_numbers_and_exit_status_1(
    switchback: Switchback, folder: Path
) -> None:
    expected = json.loads((folder / "examples/planwise/data/expected.json").read_text())["checks"]
    told = switchback("reconcile", "planwise")
    assert (told.ended(), told.stderr) == (1, "")
    lines = told.stdout.splitlines()
    worst = "worst Total compensation +7.2% (limit 0.1%)"
    assert lines[:2] == [
        f"❌ planwise: 4 of 6 checks outside tolerance, {worst}",
        "❌ failed  Total compensation",
    ]
    levels = expected["level-distribution"]
    named = lines[lines.index("❌ failed  Level distribution") + 2]
    for group in levels["differing"]:
        sides = levels["groups"][group]
        assert f"group {group}: {sides['legacy']:,} → {sides['new']:,}" in named
    again = switchback("reconcile", "planwise", "--json")
    assert (again.ended(), again.stderr) == (1, "")
    body = as_object(printed(again))
    assert (body["clean"], body["failed"], body["errors"]) == (False, 4, 0)
    statuses = {check["check"]: check["status"] for check in objects_in(body["checks"])}
    assert statuses == {name: check["status"] for name, check in expected.items()}


def test_the_clean_variant_passes_every_check_with_exit_status_0(
    switchback: Switchback, tmp_path: Path
) -> None:
    clean = tmp_path / "clean" / "planwise"
    clean.mkdir(parents=True)
    (clean / "playbook.yml").write_text((tmp_path / "examples/planwise/playbook.yml").read_text())
    generated(clean / "data", variant="clean")
    told = switchback("reconcile", "planwise", "--json", SWITCHBACK_PLAYBOOKS="clean")
    body = as_object(printed(told))
    assert (told.ended(), body["clean"], len(objects_in(body["checks"]))) == (0, True, 6)


def test_a_database_that_is_gone_makes_errors_and_no_passes_with_exit_status_2(
    switchback: Switchback, folder: Path
) -> None:
    (folder / "examples/planwise/data/new.db").unlink()
    told = switchback("reconcile", "planwise", "--json")
    body = as_object(printed(told))
    assert (told.ended(), body["clean"], body["errors"]) == (2, False, 6)
    text = switchback("reconcile", "planwise").stdout
    assert text.splitlines()[0] == "❔ planwise: 6 of 6 checks could not be done"
    assert text.count("there is no such file") == 1


def test_an_unknown_migration_is_one_line_with_the_known_ones(switchback: Switchback) -> None:
    told = switchback("reconcile", "planwize")
    assert (told.ended(), told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "switchback: There is no migration “planwize”. Did you mean planwise? Known: planwise"
    ]
    body = as_object(printed(switchback("reconcile", "planwize", "--json")))
    assert body["error"] == "There is no migration “planwize”"


def test_one_check_alone_shows_its_rows_and_writes_all_of_them_into_a_file(
    switchback: Switchback, folder: Path
) -> None:
    expected = json.loads((folder / "examples/planwise/data/expected.json").read_text())["checks"][
        "employees"
    ]
    told = switchback("reconcile", "planwise", "employees", "--rows", "--csv", "rows.csv")
    assert (told.ended(), told.stderr) == (1, "")
    head, mark, *_ = told.stdout.splitlines()
    count = len(expected["differing"])
    assert head == f"❌ planwise, only employees: Employee records: {count} rows differ (limit 0%)"
    assert mark == "❌ failed  Employee records"
    for key, columns in expected["differing"].items():
        assert f"     {key}: {columns[0]} " in told.stdout
    assert told.stdout.splitlines()[-1] == "All rows that differ are in rows.csv"
    written = folder / "rows.csv"
    assert written.stat().st_mode & 0o777 == 0o600
    lines = list(csv.DictReader(written.read_text(encoding="utf-8-sig").splitlines()))
    assert {line["employee_id"]: [line["column"]] for line in lines} == expected["differing"]
    body = as_object(printed(switchback("reconcile", "planwise", "employees", "--rows", "--json")))
    rows = as_object(as_object(body["rows"])["employees"])
    assert (body["only"], rows["key"], rows["kept"]) == (["employees"], ["employee_id"], count)
    assert len(objects_in(rows["rows"])) == count


def test_what_cannot_be_asked_for_is_refused_before_anything_is_compared(switchback: Switchback) -> None:
    for words, status, said in (
        (("employes",), 2, "There is no check “employes”. Did you mean employees?"),
        (("growth-rate", "--rows"), 1, "growth-rate compares no rows. Checks that do: employees"),
        (("growth-rate", "--csv", "rows.csv"), 1, "rows.csv holds the rows of one check"),
        (("--csv", "nowhere/rows.csv"), 2, "nowhere/rows.csv cannot be written: there is no such folder"),
    ):
        told = switchback("reconcile", "planwise", *words)
        assert (told.ended(), told.stdout) == (status, "")
        assert said in told.stderr
    history = switchback("reconcile", "planwise", "--history", "growth-rate")
    assert "There is no history" in history.stderr


def a_table_that_takes_long(planwise: Path) -> None:
    """A row check of a table of legacy that is read gently."""
    playbook = planwise / "playbook.yml"
    text = playbook.read_text(encoding="utf-8")
    text = text.replace('legacy.db", timeout: 10s', 'legacy.db", timeout: 10s, throttle: 1%')
    rows = "{key: [id], legacy: {table: big}, new: {table: big}}"
    big = f"    - {{id: big, title: Big, owner: data-lead, on_fail: Look, rows: {rows}}}\n"
    playbook.write_text(text.replace("  checks:\n", f"  checks:\n{big}", 1), encoding="utf-8")
    for name in ("legacy", "new"):
        with closing(sqlite3.connect(planwise / f"data/{name}.db", isolation_level=None)) as connection:
            connection.execute("CREATE TABLE big (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
            numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)"
            connection.execute(f"INSERT INTO big {numbers} SELECT i, i FROM n")


async def test_ctrl_c_calls_it_off_in_good_order_with_exit_status_2(folder: Path) -> None:
    a_table_that_takes_long(folder / "examples" / "planwise")
    url = f"sqlite:///{folder / 'switchback.db'}"
    env = environment(SWITCHBACK_PLAYBOOKS="examples", SWITCHBACK_DATABASE_URL=url)
    with Program([SWITCHBACK, "reconcile", "planwise", "big"], env=env, cwd=folder) as program:
        await until(lambda: _asked(url), "reconciliation")
        program.signal(signal.SIGINT)
        assert await program.end() == 2
    assert (program.stdout, program.stderr) == (
        "",
        "switchback: The reconciliation of planwise was called off. Nothing that it found was kept\n",
    )
    kinds = [(entry.kind, entry.actor.partition(" ")[0]) for entry in Records(url).audited()]
    host = f"terminal:{pwd.getpwuid(os.getuid()).pw_name}"
    said = [("reconciliation.asked", host), ("reconciliation.cancelled", host)]
    assert kinds == [("playbook.loaded", "switchback"), *said]


def _asked(url: str) -> bool:
    try:
        return bool(Records(url).audited("reconciliation.asked"))
    except OperationalError:
        # The database is not made yet.
        return False

"""`switchback reconcile` needs no other setting than the folder of playbooks."""

import json
from pathlib import Path

from bot.sandbox.json_values import as_object, objects_in
from tests.e2e.planwise_example import generated
from tests.e2e.terminal.conftest import Switchback, printed


def test_discrepancies_are_told_with_their_numbers_and_exit_status_1(
    switchback: Switchback, folder: Path
) -> None:
    expected = json.loads((folder / "examples/planwise/data/expected.json").read_text())["checks"]
    told = switchback("reconcile", "planwise")
    assert (told.ended(), told.stderr) == (1, "")
    lines = told.stdout.splitlines()
    worst = "worst Total compensation +7.2% (limit 0.1%)"
    assert lines[:2] == [
        f"❌ planwise: 3 of 5 checks outside tolerance, {worst}",
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
    assert (body["clean"], body["failed"], body["errors"]) == (False, 3, 0)
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
    assert (told.ended(), body["clean"], len(objects_in(body["checks"]))) == (0, True, 5)


def test_a_database_that_is_gone_makes_errors_and_no_passes_with_exit_status_2(
    switchback: Switchback, folder: Path
) -> None:
    (folder / "examples/planwise/data/new.db").unlink()
    told = switchback("reconcile", "planwise", "--json")
    body = as_object(printed(told))
    assert (told.ended(), body["clean"], body["errors"]) == (2, False, 5)
    text = switchback("reconcile", "planwise").stdout
    assert text.splitlines()[0] == "❔ planwise: 5 of 5 checks could not be done"
    assert text.count("there is no such file") == 1


def test_an_unknown_migration_is_one_line_with_the_known_ones(switchback: Switchback) -> None:
    told = switchback("reconcile", "planwize")
    assert (told.ended(), told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "switchback: There is no migration “planwize”. Did you mean planwise? Known: planwise"
    ]
    body = as_object(printed(switchback("reconcile", "planwize", "--json")))
    assert body["error"] == "There is no migration “planwize”"

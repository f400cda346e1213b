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
    assert told.stdout.splitlines()[0] == "❌ planwise: 3 of 5 checks outside tolerance"
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


def test_an_unknown_migration_is_one_line_with_the_known_ones(switchback: Switchback) -> None:
    told = switchback("reconcile", "planwize")
    assert (told.ended(), told.stdout) == (2, "")
    assert told.stderr.splitlines() == [
        "switchback: There is no migration “planwize”. Did you mean planwise? Known: planwise"
    ]
    body = as_object(printed(switchback("reconcile", "planwize", "--json")))
    assert body["error"] == "There is no migration “planwize”"

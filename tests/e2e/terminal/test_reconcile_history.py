"""`switchback reconcile` with --history and --coverage: what a check found, and what none compares."""

from pathlib import Path
from xml.etree import ElementTree as ET

from bot.sandbox.json_values import as_object, objects_in
from tests.e2e.terminal.conftest import Switchback, printed


def test_what_a_check_found_before_is_told_printed_as_json_and_drawn(
    switchback: Switchback, folder: Path
) -> None:
    assert switchback("reconcile", "planwise").ended() == 1
    assert switchback("reconcile", "planwise").ended() == 1
    told = switchback("reconcile", "planwise", "--history", "total-compensation", "--picture", "pay.svg")
    assert (told.ended(), told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[0] == "Total compensation: 2 reconciliations in the last 30 days, 2 outside its limit"
    assert [line.partition("UTC  ")[2].startswith("❌ failed  +") for line in lines[1:3]] == [True, True]
    assert "(limit 0.1%)" in lines[1]
    picture = ET.parse(folder / "pay.svg").getroot()
    assert "planwise: Total compensation" in "".join(picture.itertext())
    body = as_object(
        printed(switchback("reconcile", "planwise", "--history", "total-compensation", "--json"))
    )
    assert (body["check"], body["days"]) == ("total-compensation", 30)
    points = objects_in(body["points"])
    assert [(point["status"], point["tolerance"], point["percent_of_limit"]) for point in points] == [
        ("failed", "0.1%", "200")
    ] * 2


def test_a_check_without_a_history_and_a_picture_without_a_check_are_errors(switchback: Switchback) -> None:
    switchback("reconcile", "planwise")
    unknown = switchback("reconcile", "planwise", "--history", "total-compensatoin")
    assert unknown.ended() == 2
    assert "Did you mean total-compensation?" in unknown.stderr
    assert switchback("reconcile", "planwise", "--picture", "pay.svg").ended() == 2
    assert switchback("reconcile", "planwise", "--history", "total-compensation", "--coverage").ended() == 2


def test_what_no_check_compares_is_told_with_exit_status_1_and_as_json(switchback: Switchback) -> None:
    told = switchback("reconcile", "planwise", "--coverage")
    assert (told.ended(), told.stderr) == (1, "")
    body = as_object(printed(switchback("reconcile", "planwise", "--coverage", "--json")))
    uncompared = objects_in(body["uncompared"])
    head = told.stdout.splitlines()[0]
    assert head == (
        f"❌ planwise: {body['uncompared_tables']} of {body['tables']} tables and "
        f"{body['uncompared_columns']} of {body['columns']} columns are compared by no check"
    )
    assert ("legacy", "yearly_events") in {(one["side"], one["table"]) for one in uncompared}
    assert body["problems"] == []

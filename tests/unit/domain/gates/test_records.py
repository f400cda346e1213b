"""Criteria by the record of incidents, rehearsals, documents and coverage."""

from datetime import timedelta

import pytest

from bot.domain.gates.board import CriterionResult
from bot.domain.gates.coverage import CoverageSeen, SideCovered, covered
from bot.domain.gates.documents import DocumentSeen, document_present
from bot.domain.gates.incidents import IncidentRecord, IncidentSeen, no_incident
from bot.domain.gates.rehearsals import alert_tested, rehearsed
from bot.domain.playbook.criteria import AlertTested, Covered, DocumentPresent, NoIncident
from bot.domain.playbook.criteria import Rehearsed as RehearsedCriterion
from bot.domain.rehearsal import Rehearsed
from tests.unit.domain.gates.criteria import NOW, asked
from tests.unit.domain.test_rehearsal_evidence import record, run, table

DAY = timedelta(days=1)


def incident(severity: str | None, opened: int, closed: int | None) -> IncidentSeen:
    """Opened and closed so many days ago."""
    end = None if closed is None else NOW - closed * DAY
    return IncidentSeen(f"i{opened}", severity, NOW - opened * DAY, end)


def quiet(*incidents: IncidentSeen, watched: int | None = 60) -> CriterionResult:
    wanted = asked(no_incident=["P1", "P2"], for_="14d")
    assert isinstance(wanted.criterion, NoIncident)
    since = None if watched is None else NOW - watched * DAY
    return no_incident(wanted, wanted.criterion, IncidentRecord(incidents, since))


def test_no_incident_in_the_window_passes_with_the_record_that_it_rests_on() -> None:
    found = quiet(incident("P1", 40, 15), incident("P3", 2, None))
    assert (found.state, found.reason) == ("pass", "no P1/P2 incident within 14 days")
    assert found.how == "record of incidents since 26 Sep 2026"


@pytest.mark.parametrize(
    "one",
    [incident("P2", 3, 2), incident("P1", 40, 13), incident("P2", 40, None), incident(None, 3, 2)],
    ids=["in the window", "closed in it", "still open", "without a severity"],
)
def test_one_that_was_open_at_any_time_in_the_window_fails(one: IncidentSeen) -> None:
    found = quiet(one)
    assert found.state == "fail"
    assert found.reason.startswith("1 P1/P2 incident within 14 days")


def test_a_record_that_is_shorter_than_the_window_does_not_pass() -> None:
    found = quiet(watched=3)
    assert (found.state, found.reason) == (
        "fail",
        "no P1/P2 incident, but on record for 3 days only, 14 days needed",
    )
    assert quiet(watched=None).state == "unknown"


def drilled(newest: Rehearsed | None, **criterion: object) -> CriterionResult:
    wanted = asked(**{"rehearsal": "immediate", "within": "30d", **criterion})
    assert isinstance(wanted.criterion, RehearsedCriterion)
    return rehearsed(wanted, wanted.criterion, newest, playbook_digest="d")


def fresh(**changes: object) -> Rehearsed:
    return record(**{"ended_at": NOW - DAY, **changes})


def test_a_rehearsal_inside_its_limits_passes_with_its_time() -> None:
    found = drilled(fresh())
    assert found.state == "pass"
    assert found.reason == "done in 50s (limit 1m), data preserved"
    assert found.how == "rehearsal of 24 Nov 2026 in staging"


@pytest.mark.parametrize(
    ("newest", "criterion", "state", "says"),
    [
        (None, {}, "fail", "never been rehearsed"),
        (fresh(ended_at=NOW - 41 * DAY), {}, "expired", "expired, 41 days old (limit 30 days): done in 50s"),
        (fresh(), {"under": "45s"}, "fail", "it took 50 s, and 45s were allowed"),
        (fresh(runs=(run(seconds=70),)), {}, "fail", "it took 70 s, and 1m were allowed"),
        (fresh(after=(table("a", 3), table("b"))), {}, "fail", "2 rows before, 3 after"),
        (fresh(after=(table("a", 3), table("b"))), {"data_preserved": False}, "pass", "done in 50s"),
        (fresh(before=(), after=()), {}, "unknown", "not read back"),
        (fresh(), {"signed": True}, "fail", "not signed by operator, board"),
        (fresh(ended_at=NOW - 8 * DAY), {"max_age": "7d"}, "expired", "8 days old (limit 7 days)"),
        (fresh(ended_at=NOW - 8 * DAY), {}, "pass", "done in 50s"),
        (fresh(runs=(run("failed"),)), {}, "fail", "failed"),
        (fresh(runs=()), {}, "fail", "the way back was not done"),
    ],
)
def test_a_rehearsal_is_evidence_or_it_is_said_why_not(
    newest: Rehearsed | None, criterion: dict[str, object], state: str, says: str
) -> None:
    found = drilled(newest, **criterion)
    assert (found.state, says in found.reason) == (state, True), found.reason


def test_a_rehearsal_by_another_playbook_is_said_to_be_one() -> None:
    assert drilled(fresh(playbook_digest="e")).how.endswith(", by an earlier version of the playbook")


@pytest.mark.parametrize(
    ("newest", "state"),
    [
        (fresh(), "pass"),
        (fresh(runs=(run("failed"),)), "fail"),
        (fresh(ended_at=NOW - 31 * DAY), "expired"),
        (None, "fail"),
    ],
)
def test_an_alert_is_tested_by_the_newest_rehearsal_of_its_plan(newest: Rehearsed | None, state: str) -> None:
    wanted = asked(alert_test="page", within="30d")
    assert isinstance(wanted.criterion, AlertTested)
    assert alert_tested(wanted, wanted.criterion, newest, playbook_digest="d").state == state


@pytest.mark.parametrize(("there", "state"), [(True, "pass"), (False, "fail"), (None, "unknown")])
def test_a_document_is_there_or_not_or_it_is_not_known(there: bool | None, state: str) -> None:
    wanted = asked(document="plan.md")
    assert isinstance(wanted.criterion, DocumentPresent)
    found = document_present(wanted, wanted.criterion, DocumentSeen(there, "as said", "digest"))
    assert (found.state, found.reason) == (state, "as said")


def seen(legacy: tuple[int, int] | None, new: tuple[int, int] | None) -> CriterionResult:
    wanted = asked(coverage="80%")
    assert isinstance(wanted.criterion, Covered)
    sides = {}
    if legacy is not None:
        sides["legacy"] = SideCovered(*legacy)
    if new is not None:
        sides["new"] = SideCovered(*new)
    return covered(wanted, wanted.criterion, CoverageSeen(sides, ()))  # type: ignore[arg-type]


def test_coverage_has_to_hold_on_each_side() -> None:
    assert seen((8, 10), (90, 100)).state == "pass"
    low = seen((10, 10), (79, 100))
    assert (low.state, low.reason) == (
        "fail",
        "legacy 100% (10 of 10 columns), new 79% (79 of 100 columns) (80% needed)",
    )
    assert seen((10, 10), None).reason == "new cannot be read: its catalogue cannot be read"
    assert seen((0, 0), (0, 0)).state == "fail"

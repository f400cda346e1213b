"""When the record of a rehearsal is evidence, and why it is none."""

from datetime import timedelta

import pytest

from bot.domain.rehearsal import Rehearsed, RehearsedRun, RehearsedStep, SignOff
from bot.domain.rehearsal_evidence import evidence
from bot.domain.step_state import StepStatus
from bot.domain.table_state import TableState, differences
from tests.unit.domain.ledger import ANA, NOW, SAM

DAY = timedelta(days=1)


def table(name: str, rows: int = 2, digest: str = "a", problem: str = "") -> TableState:
    return TableState(
        compare="books", table=name, rows=None if problem else rows, digest=digest, problem=problem
    )


def run(status: StepStatus = "done", *, seconds: float = 50) -> RehearsedRun:
    step = RehearsedStep(step="stop", title="Stop", status=status, seconds=1)
    return RehearsedRun(run="r", plan_id="immediate", status="done", seconds=seconds, steps=(step,))


def record(**changes: object) -> Rehearsed:
    """A rehearsal that went well, with this changed."""
    good = Rehearsed(
        id="1",
        incident="i",
        migration="ledger",
        title="Ledger",
        environment="staging",
        plan_id="immediate",
        playbook_digest="d",
        within_seconds=60,
        back="r",
        inputs={},
        compared=True,
        sign_off=("operator", "board"),
        status="ended",
        started_by=SAM,
        started_at=NOW - DAY,
        ended_at=NOW - DAY,
        before=(table("a"), table("b")),
        after=(table("a"), table("b")),
        runs=(run(),),
    )
    return good.model_copy(update=changes)


def test_a_rehearsal_that_went_well_is_evidence() -> None:
    found = evidence(record(), now=NOW, oldest=timedelta(days=30))
    assert (found.passed, found.within, found.data_preserved, found.reasons) == (True, True, True, ())
    assert (found.seconds, found.age, found.missing) == (50, DAY, ("operator", "board"))


@pytest.mark.parametrize("status", ["omitted", "tolerated"])
def test_what_the_plan_itself_passes_over_is_no_failure(status: StepStatus) -> None:
    assert evidence(record(runs=(run(status),)), now=NOW).holds


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "back", "ended_at": None}, "it is still going on"),
        ({"problem": "plan immediate was aborted", "runs": ()}, "plan immediate was aborted"),
        ({"runs": (run("skipped"),)}, "step “Stop” of plan immediate: skipped"),
        ({"runs": (run(seconds=60.1),)}, "it took 60.1 s, and 1m were allowed"),
        ({"runs": (run().model_copy(update={"status": "replaced"}), run())}, "plan immediate was given up"),
        ({"after": (table("a"), table("b", digest="z"))}, "books.b: still 2 rows, with other contents"),
        ({"after": (table("a"), table("b", rows=1_500))}, "books.b: 2 rows before, 1,500 after"),
        ({"after": (table("a"), table("b", problem="locked"))}, "books.b: unknown, locked"),
        ({"after": (table("a"),)}, "books.b: not read again"),
        (
            {"after_forward": (table("a", rows=0), table("b"))},
            "books.a: 2 rows before, 0 after (after going forward again)",
        ),
    ],
)
def test_each_thing_that_went_wrong_is_a_reason(changes: dict[str, object], reason: str) -> None:
    found = evidence(record(**changes), now=NOW)
    assert not found.holds
    assert reason in found.reasons


def test_data_that_could_not_be_read_is_unknown_and_not_preserved_nor_lost() -> None:
    assert evidence(record(after=(table("a"), table("b", problem="x"))), now=NOW).data_preserved is None
    assert evidence(record(before=(), after=(), compared=False), now=NOW).data_preserved is None
    assert evidence(record(forward="f"), now=NOW).data_preserved is None


def test_it_grows_old() -> None:
    assert evidence(record(), now=NOW, oldest=DAY).holds
    late = evidence(record(), now=NOW + timedelta(seconds=1), oldest=DAY)
    assert late.reasons == ("it is 1 days old, and 1d are allowed",)


def test_signatures_count_where_they_are_asked_for() -> None:
    assert evidence(record(), now=NOW, signed=True).reasons == ("not signed by operator, board",)
    signed = tuple(SignOff(role=role, by=by, at=NOW) for role, by in (("operator", SAM), ("board", ANA)))
    assert evidence(record(signed=signed), now=NOW, signed=True).holds


def test_tables_that_are_as_they_were_differ_in_nothing() -> None:
    assert differences([table("a"), table("b")], [table("b"), table("a")]) == ()

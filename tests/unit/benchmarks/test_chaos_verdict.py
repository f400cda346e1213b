"""What the chaos calls lost, done twice, guessed, stuck; and how it reads the ledger of the steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.chaos_killer import Strike
from benchmarks.chaos_ledger import Act, Ledger
from benchmarks.chaos_records import Noted, RecordedStep
from benchmarks.chaos_verdict import takeover_seconds_max, verdict

BEGUN = Act("begin", "r1", "blind", "n1", 11, 10, 0.3, 100.0)


@dataclass
class FakeRecords:
    """What the bot recorded, as given."""

    statuses: dict[str, str] = field(default_factory=lambda: {"r1": "done"})
    recorded: list[RecordedStep] = field(default_factory=list)
    entries: list[Noted] = field(default_factory=list)

    def runs(self) -> dict[str, str]:
        return self.statuses

    def steps(self) -> list[RecordedStep]:
        return self.recorded

    def noted(self) -> list[Noted]:
        return self.entries

    def audit_breaks(self) -> int:
        return 0


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.txt")


def write(ledger: Ledger, *lines: str) -> None:
    with ledger.file.open("a") as handle:
        handle.writelines(lines)


def end(step: str, nonce: str = "n1") -> str:
    return f"end r1 {step} {nonce} 11 10 300 100.2\n"


def figures(records: FakeRecords, ledger: Ledger, *strikes: Strike) -> dict[str, float]:
    return verdict(records=records, ledger=ledger, strikes=strikes, asked=0)


def test_a_step_that_is_recorded_as_done_and_is_not_in_the_ledger_is_lost(ledger: Ledger) -> None:
    steps = [RecordedStep("r1", "once", "done", 1), RecordedStep("r1", "again", "done", 1)]
    write(ledger, end("once"))
    found = figures(FakeRecords(recorded=steps), ledger)
    assert (found["steps"], found["lost"], found["twice"]) == (2, 1, 0)


def test_a_step_that_the_ledger_has_two_times_was_done_twice_whatever_is_recorded(ledger: Ledger) -> None:
    write(ledger, end("once"), end("again", "n1"), end("again", "n2"), end("again", "n3"))
    assert figures(FakeRecords(), ledger)["twice"] == 2


def test_a_run_that_has_not_ended_is_stuck(ledger: Ledger) -> None:
    records = FakeRecords(statuses={"r1": "done", "r2": "running", "r3": "aborted", "r4": "asking"})
    assert figures(records, ledger)["stuck"] == 2


@pytest.mark.parametrize(
    ("kinds", "guessed"),
    [
        ([("step.outcome", "done")], 1),
        ([("step.outcome", "unknown"), ("step.mark-done", "")], 0),
        ([], 0),
    ],
)
def test_an_interrupted_step_without_a_probe_that_nobody_was_asked_about_was_guessed(
    ledger: Ledger, kinds: Sequence[tuple[str, str]], guessed: int
) -> None:
    before = Noted(100.0, "step.intent", "r1", "blind", "")
    after = [Noted(102.0 + at, kind, "r1", "blind", status) for at, (kind, status) in enumerate(kinds)]
    kill = Strike(100.1, 100.1, (BEGUN,), ("r1",))
    assert figures(FakeRecords(entries=[before, *after]), ledger, kill)["guessed"] == guessed


def test_a_recovery_ends_with_the_last_run_that_went_on_before_the_next_kill(ledger: Ledger) -> None:
    kills = [Strike(100.0, 100.0, (), ("r1", "r2")), Strike(110.0, 110.0, (), ("r3",))]
    entries = [
        Noted(101.0, "step.outcome", "r1", "once", "done"),
        Noted(101.5, "run.taken_up", "r2", "", ""),
        Noted(103.0, "step.intent", "r2", "once", ""),
        Noted(111.0, "step.intent", "r3", "once", ""),
    ]
    records = FakeRecords(entries=entries)
    assert math.isclose(figures(records, ledger, *kills)["recovery_seconds_median"], 2.0)
    assert math.isclose(takeover_seconds_max(records, kills), 3.0)


def test_the_ledger_is_read_as_it_grows_and_a_half_written_line_waits(ledger: Ledger) -> None:
    write(ledger, "begin r1 blind n1 11 10 300 100.000000\nend r1 bl")
    assert ledger.acts() == [BEGUN]
    assert ledger.under_way(100.29) == [BEGUN]
    assert ledger.under_way(100.31) == []
    write(ledger, "ind n1 11 10 300 100.200000\n")
    assert ledger.done() == {("r1", "blind"): 1}

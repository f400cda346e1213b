"""The figures of a comparison of rows, out of what its rounds took."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks import row_figures
from benchmarks.comparers.turn import Answer
from benchmarks.employee_tables import CASES, Case
from benchmarks.employees import planted
from benchmarks.row_comparers import OURS, RAW
from benchmarks.row_rounds import Rounds

ROWS = 1_000_000
TWO_10 = Case("pg_two", 10)


@pytest.fixture(autouse=True)
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is kept from another run."""
    monkeypatch.setattr(row_figures, "BUILD", tmp_path)
    return tmp_path


def answered(case: Case, rows: int, *, seconds: float, megabytes: float = 1.0) -> Answer:
    return Answer(keys=planted(rows, case.differing).keys, rows=None, seconds=seconds, megabytes=megabytes)


def measured(rows: int, *, raw: tuple[float, ...], others: Mapping[str, tuple[float, ...]]) -> Rounds:
    """The same seconds in every case, round by round; 20 MB each."""
    found = Rounds()
    for case in CASES:
        for number, seconds in enumerate(raw):
            found.add(number, RAW, case, Answer(None, 2 * rows, seconds, 1.0), rows)
        for comparer, rounds in others.items():
            for number, seconds in enumerate(rounds):
                found.add(number, comparer, case, answered(case, rows, seconds=seconds, megabytes=20), rows)
    return found


def test_a_ratio_is_the_median_of_those_within_each_round() -> None:
    found = measured(ROWS, raw=(1, 2, 10), others={OURS: (1.1, 2.4, 30)})
    assert row_figures.figures(found, rows=ROWS)["pg_two_10"] == pytest.approx(1.2)


def test_a_peer_is_held_against_the_rounds_that_it_was_in() -> None:
    found = measured(ROWS, raw=(1, 2, 10), others={OURS: (2, 2, 2), "reladiff": (6,)})
    figures = row_figures.figures(found, rows=ROWS)
    assert (figures["reladiff_pg_two_10"], figures["reladiff_least_lead"]) == (6, 3)


def test_an_allowance_is_taken_off_only_where_tables_are_smaller_than_the_target_is_meant_for() -> None:
    found = measured(ROWS, raw=(1,), others={OURS: (1.55,)})
    figures = row_figures.figures(found, rows=ROWS)
    wanted = row_figures.wanted(figures, rows=ROWS)
    assert figures["pg_two_10_less_allowance"] == pytest.approx(1.4)
    assert wanted["pg_two_10_less_allowance"] == "<= 1.4"
    assert wanted["sqlite_10"] == "<= 1.3"
    assert not {"pg_two_10", "sqlite_10_less_allowance"} & wanted.keys()
    assert row_figures.wanted({}, rows=10 * ROWS)["pg_two_10"] == "<= 1.4"


def test_a_missed_a_made_up_and_a_doubled_key_count_as_wrong() -> None:
    found = measured(ROWS, raw=(1,), others={OURS: (1,)})
    keys = planted(ROWS, 10).keys
    found.add(0, OURS, TWO_10, Answer([*keys[1:], keys[1], 7], None, 1.0, 1.0), ROWS)
    figures = row_figures.figures(found, rows=ROWS)
    assert (figures["wrong_keys"], row_figures.wanted(figures, rows=ROWS)["wrong_keys"]) == (3, "== 0")


def test_a_limit_that_has_not_read_every_row_is_no_limit() -> None:
    with pytest.raises(RuntimeError, match="read 5 rows of pg_two_10, not 2000000"):
        Rounds().add(0, RAW, TWO_10, Answer(None, 5, 1.0, 1.0), ROWS)


def test_memory_is_held_against_the_other_size_where_that_was_measured(build: Path) -> None:
    found = measured(ROWS, raw=(1,), others={OURS: (1,)})
    assert "memory_growth_percent" not in row_figures.figures(found, rows=ROWS)
    larger = {f"{case.name}_mb": 22.0 if case == TWO_10 else 20.0 for case in CASES}
    kept = build / "bench-reconcile-10000000.json"
    kept.write_text(json.dumps({"figures": larger}), encoding="utf-8")
    figures = row_figures.figures(found, rows=ROWS)
    assert figures["memory_growth_percent"] == pytest.approx(10)
    assert row_figures.wanted(figures, rows=ROWS)["memory_growth_percent"] == "< 10"

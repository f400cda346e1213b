"""The example's playbook over the example's data: every number is the one that was put in."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.quantities import plain
from bot.domain.row_difference import RowDifference
from bot.ports.reconciler import Unwatched
from bot.reconcile.reconciler import PlaybookReconciler
from bot.system import SystemClock
from tests.integration.planwise.conftest import Data
from tests.integration.planwise.playbook import planwise


def no_setting(name: str) -> str:
    raise AssertionError(f"planwise needs no setting, and {name} was asked for")


async def reconciled(data: Path) -> Reconciled:
    loaded = LoadedPlaybook(playbook=planwise(), folder=data.parent, digest="")
    return await PlaybookReconciler(clock=SystemClock(), secret=no_setting).run(loaded)


def by_check(all_results: Reconciled) -> dict[str, CheckResult]:
    return {result.check: result for result in all_results.results}


async def test_the_clean_variant_passes_all_six_checks(made: Data) -> None:
    results = await reconciled(made("clean"))
    assert len(results.results) == 6
    assert results.clean
    assert {result.difference for result in results.results} == {"0"}
    assert results.max_critical_variance() == 0


async def test_the_discrepant_variant_gives_exactly_the_expected_numbers(made: Data) -> None:
    expected = json.loads((made("discrepant") / "expected.json").read_text())["checks"]
    results = by_check(await reconciled(made("discrepant")))
    assert {name: result.status for name, result in results.items()} == {
        name: check["status"] for name, check in expected.items()
    }
    for name in ("employee-count", "total-compensation"):
        assert results[name].legacy == plain(Decimal(expected[name]["legacy"]))
        assert results[name].new == plain(Decimal(expected[name]["new"]))
        assert results[name].variance == Decimal(expected[name]["variance"])
    for name in ("level-distribution", "event-counts"):
        found = {group.group: (group.legacy, group.new) for group in results[name].groups}
        assert found == {
            group: (expected[name]["groups"][group]["legacy"], expected[name]["groups"][group]["new"])
            for group in expected[name]["differing"]
        }
    points = results["growth-rate"].variance
    assert points is not None
    assert round(points, 6) == Decimal(expected["growth-rate"]["points"])


async def test_the_discrepant_variant_has_four_failures_and_two_differences_within_tolerance(
    made: Data,
) -> None:
    results = await reconciled(made("discrepant"))
    assert [(result.check, result.status) for result in results.results] == [
        ("total-compensation", "failed"),
        ("employee-count", "failed"),
        ("level-distribution", "failed"),
        ("employees", "failed"),
        ("event-counts", "passed"),
        ("growth-rate", "passed"),
    ]
    texts = {result.check: result.difference for result in results.results}
    assert texts["total-compensation"] == "+7.2%"
    assert texts["level-distribution"] == "2 of 7 groups differ"
    assert texts["event-counts"] == "1 of 5 groups differs"
    assert results.max_critical_variance() == Decimal("7.2")


class Kept(Unwatched):
    """Keeps the rows that differ."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RowDifference] = []

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        self.rows += rows


async def test_the_row_check_finds_exactly_the_seeded_keys_and_columns_and_keeps_no_salary(
    made: Data,
) -> None:
    data = made("discrepant")
    expected = json.loads((data / "expected.json").read_text())["checks"]["employees"]
    loaded, kept = LoadedPlaybook(playbook=planwise(), folder=data.parent, digest=""), Kept()
    reconciler = PlaybookReconciler(clock=SystemClock(), secret=no_setting)
    (result,) = (await reconciler.run(loaded, only=frozenset({"employees"}), watch=kept)).results
    assert {row.name: [cell.column for cell in row.cells] for row in kept.rows} == expected["differing"]
    assert {row.kind for row in kept.rows} == {"differing"}
    assert (expected["missing_in_new"], expected["missing_in_legacy"]) == ([], [])
    assert result.rows is not None
    assert (result.rows.legacy, result.rows.new) == (expected["legacy"], expected["new"])
    assert {cell.column for row in kept.rows for cell in row.cells} == {"status", "level"}


@pytest.mark.parametrize("gone", ["legacy", "new"])
async def test_without_one_database_every_check_is_an_error_and_none_passes(
    tmp_path: Path, made: Data, gone: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    there = {"legacy": "new", "new": "legacy"}[gone]
    (data / f"{there}.db").symlink_to(made("clean") / f"{there}.db")
    results = await reconciled(data)
    assert {result.status for result in results.results} == {"error"}
    assert all(result.problem.endswith(f"{gone}.db): there is no such file") for result in results.results)

"""The club's playbook over the club's data: every number is the one that was put in."""

import json
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.quantities import plain
from bot.domain.row_difference import RowDifference
from bot.ports.reconciler import Unwatched
from bot.reconcile.reconciler import PlaybookReconciler
from examples.clubos.sync import sync
from tests.fakes.clock import FakeClock
from tests.integration.clubos.conftest import Data
from tests.integration.clubos.playbook import loaded
from tests.integration.passing_clock import PassingClock
from tests.integration.reconcile.test_reconciler import no_setting

MORNING = datetime(2026, 3, 14, 4, tzinfo=UTC)
ROWS = ("member-records", "events", "event-notes", "contact-changes")
GROUPS = ("registrations", "payments")


class Kept(Unwatched):
    """Keeps the rows that differ, by check."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[RowDifference]] = {}

    async def differing(self, check: str, rows: Sequence[RowDifference]) -> None:
        self.rows.setdefault(check, []).extend(rows)


async def reconciled(data: Path, watch: Kept | None = None, *, now: datetime = MORNING) -> Reconciled:
    reconciler = PlaybookReconciler(clock=PassingClock(FakeClock(now)), secret=no_setting)
    return await reconciler.run(loaded(data.parent), watch=watch)


def by_check(all_results: Reconciled) -> dict[str, CheckResult]:
    return {result.check: result for result in all_results.results}


def expected(data: Path) -> dict[str, dict[str, object]]:
    checks: dict[str, dict[str, object]] = json.loads((data / "expected.json").read_text())["checks"]
    return checks


@pytest.mark.parametrize("variant", ["shadow", "clean", "after-cutover"])
async def test_every_check_ends_as_the_generator_expects(made: Data, variant: str) -> None:
    results = by_check(await reconciled(made(variant)))
    assert results.pop("sync-is-running").status == "passed"
    assert {name: result.status for name, result in results.items()} == {
        name: check["status"] for name, check in expected(made(variant)).items()
    }


async def test_in_shadow_all_differ_in_clean_none(made: Data) -> None:
    assert {check["status"] for check in expected(made("shadow")).values()} == {"failed"}
    assert {check["status"] for check in expected(made("clean")).values()} == {"passed"}


async def test_the_numbers_are_those_that_were_put_in(made: Data) -> None:
    want, results = expected(made("shadow")), by_check(await reconciled(made("shadow")))
    count = results["member-count"]
    assert (count.legacy, count.new) == tuple(
        plain(Decimal(str(want["member-count"][side]))) for side in ("legacy", "new")
    )
    for name in GROUPS:
        found = {group.group: [group.legacy, group.new] for group in results[name].groups}
        assert found == want[name]["differing"]
        assert results[name].difference.endswith(f"of {want[name]['groups']} groups differs")
    jobs = want["sync-jobs"]
    assert (jobs["succeeded"], jobs["of"]) == (330, 336)
    assert "98.2" in f"{results['sync-jobs'].new} {results['sync-jobs'].difference}"


async def test_the_row_checks_find_the_seeded_keys_and_columns_and_show_no_address(made: Data) -> None:
    kept = Kept()
    want, results = expected(made("shadow")), by_check(await reconciled(made("shadow"), kept))
    for name in ROWS:
        assert kinds_of(kept.rows.get(name, [])) == {
            "missing_in_new": {str(key) for key in as_list(want[name]["missing_in_new"])},
            "missing_in_legacy": {str(key) for key in as_list(want[name]["missing_in_legacy"])},
            "differing": set(as_mapping(want[name]["differing"])),
        }
        rows = results[name].rows
        assert rows is not None
        assert (rows.legacy, rows.new) == (want[name]["legacy"], want[name]["new"])
    shown = {cell.column for rows in kept.rows.values() for row in rows for cell in row.cells if cell.legacy}
    assert "starts_at" in shown
    assert shown & {"name", "email", "phone", "value"} == set()


def kinds_of(rows: Sequence[RowDifference]) -> dict[str, set[str]]:
    kinds = ("missing_in_new", "missing_in_legacy", "differing")
    return {kind: {row.name for row in rows if row.kind == kind} for kind in kinds}


def as_list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def as_mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict)
    return value


async def test_an_event_of_more_than_90_days_ago_differs_and_is_not_told(made: Data) -> None:
    with closing(sqlite3.connect(made("shadow") / "legacy.db")) as connection:
        connection.execute("ATTACH DATABASE ? AS other", (str(made("shadow") / "new.db"),))
        query = "SELECT event_no FROM events AS one JOIN other.events AS two ON event_no = event_id"
        differing = connection.execute(f"{query} WHERE one.starts_at != two.starts_at").fetchall()
    assert len(differing) == len(as_mapping(expected(made("shadow"))["events"]["differing"])) + 1


@pytest.fixture
def data(tmp_path: Path, made: Data) -> Path:
    shutil.copytree(made("shadow"), tmp_path / "data")
    return tmp_path / "data"


async def test_an_incremental_sync_leaves_the_differences_and_a_full_one_takes_them_all_away(
    data: Path,
) -> None:
    incremental = sync(data, now=MORNING)
    assert incremental is not None
    assert incremental.problem == ""
    before = {name for name, one in by_check(await reconciled(data)).items() if one.status == "failed"}
    assert before == {*expected(data)}
    full = sync(data, now=MORNING + timedelta(minutes=1), full=True)
    assert full is not None
    assert full.rows > 0
    after = {name for name, one in by_check(await reconciled(data)).items() if one.status == "failed"}
    # What failed in the last two weeks has failed.
    assert after == {"sync-jobs"}


async def test_a_sync_that_stopped_is_told_after_six_hours(data: Path) -> None:
    sync(data, now=MORNING)
    result = by_check(await reconciled(data, now=MORNING + timedelta(hours=7)))["sync-is-running"]
    assert result.status == "failed"

"""Until both sides have finished their batches of the day, nothing is compared."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.playbook.sources import SourceSpec
from bot.ports.reconciler import Unwatched
from bot.ports.source import Source
from bot.reconcile.opening import Secrets
from bot.reconcile.reconciler import PlaybookReconciler
from tests.fakes.clock import FakeClock
from tests.fakes.source import FakeSource, Rows
from tests.integration.reconcile.playbook import CHECKS, loaded_playbook
from tests.integration.reconcile.test_reconciler import BOTH, no_setting

LOADED = "SELECT MAX(loaded_at) FROM batches"
NOW = datetime(2026, 3, 14, 5, 0, tzinfo=UTC)
TODAY: Rows = [("2026-03-14 04:00:00",)]
YESTERDAY: Rows = [("2026-03-13 04:00:00",)]


class Hears(Unwatched):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[int, int, str]] = []

    async def checked(self, done: int, total: int, result: CheckResult) -> None:
        self.heard.append((done, total, result.check))


async def reconciled(
    folder: Path,
    *,
    legacy: Rows | None = TODAY,
    new: Rows | None = TODAY,
    only: frozenset[str] | None = None,
    watch: Hears | None = None,
    **ready_when: object,
) -> tuple[Reconciled, FakeSource]:
    sources = {
        name: FakeSource(BOTH if rows is None else BOTH | {LOADED: rows}, name=name)
        for name, rows in (("legacy", legacy), ("new", new))
    }

    def open_source(name: str, spec: SourceSpec, where: Path, secret: Secrets) -> Source:
        return sources[name]

    loaded = loaded_playbook(
        folder,
        CHECKS,
        reconcile={
            "schedule": {"at": "05:00", "zone": "Europe/Berlin"},
            "ready_when": {"both": {"sql": LOADED}} | ready_when,
        },
    )
    reconciler = PlaybookReconciler(clock=FakeClock(NOW), secret=no_setting, open_source=open_source)
    return await reconciler.run(loaded, only=only, watch=watch), sources["legacy"]


async def test_with_both_ready_all_is_compared_and_ready_is_one_more_that_passed(tmp_path: Path) -> None:
    found, _ = await reconciled(tmp_path)
    statuses = {one.check: one.status for one in found.results}
    assert statuses["ready"] == "passed"
    assert (found.failed, found.errors, len(found.results)) == (2, 2, len(CHECKS) + 1)


async def test_until_then_every_check_is_unknown_and_ready_stands_first(tmp_path: Path) -> None:
    watch = Hears()
    found, legacy = await reconciled(tmp_path, new=YESTERDAY, watch=watch)
    assert found.results[0].check == "ready"
    assert {one.status for one in found.results} == {"unknown"}
    assert {one.problem for one in found.results} == {
        "not comparable yet: new has no batch of today, the last is of 2026-03-13"
    }
    assert legacy.asked == [LOADED]
    total = len(CHECKS) + 1
    assert [(done, all_of) for done, all_of, _ in watch.heard] == [(n, total) for n in range(1, total + 1)]


async def test_past_the_deadline_ready_has_failed_and_the_checks_stay_unknown(tmp_path: Path) -> None:
    found, _ = await reconciled(tmp_path, new=YESTERDAY, by="06:00", owner="operator")
    assert (found.results[0].check, found.results[0].status) == ("ready", "failed")
    assert (found.failed, found.unknown) == (1, len(CHECKS))
    assert found.results[0].owner == "operator"


async def test_a_side_that_does_not_answer_makes_ready_an_error(tmp_path: Path) -> None:
    found, _ = await reconciled(tmp_path, new=None)
    assert (found.results[0].check, found.results[0].status) == ("ready", "error")
    assert found.results[0].problem == "new: it does not answer"
    assert found.unknown == len(CHECKS)


@pytest.mark.parametrize(("new", "status"), [(TODAY, "passed"), (YESTERDAY, "unknown")])
async def test_one_check_on_demand_is_held_to_the_same(tmp_path: Path, new: Rows, status: str) -> None:
    found, _ = await reconciled(tmp_path, new=new, only=frozenset({"scalar"}))
    assert {one.check: one.status for one in found.results} == {"ready": status, "scalar": status}


async def test_readiness_alone_can_be_asked_for(tmp_path: Path) -> None:
    found, _ = await reconciled(tmp_path, only=frozenset({"ready"}))
    assert [(one.check, one.status) for one in found.results] == [("ready", "passed")]

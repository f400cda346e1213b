"""Running a playbook's checks over two sources."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.check_result import CheckResult
from bot.domain.errors import SettingsError, UnknownNameError
from bot.domain.group import Group
from bot.domain.playbook.sources import SourceSpec
from bot.ports.reconciler import Unwatched
from bot.ports.source import Source
from bot.reconcile.opening import Secrets, open_source
from bot.reconcile.reconciler import PlaybookReconciler
from bot.system import SystemClock
from tests.fakes.source import FakeSource, Rows
from tests.integration.reconcile.playbook import CHECKS, loaded_playbook, scalar_check

BOTH: dict[str, Rows] = {
    "SELECT 0": [(0,)],
    "SELECT 1": [(1,)],
    "SELECT 2": [(2,)],
    "SELECT 'a', 1": [("a", 1)],
    "SELECT 'a', 9": [("a", 9)],
}


def no_setting(name: str) -> str:
    raise SettingsError(f"{name} is not set")


class TickingClock(SystemClock):
    """Each look at the stopwatch is 12 ms after the last one."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def monotonic(self) -> float:
        self._seconds += 0.012
        return self._seconds


def over(legacy: Source, new: Source) -> PlaybookReconciler:
    def open_source(name: str, spec: SourceSpec, folder: Path, secret: Secrets) -> Source:
        return {"legacy": legacy, "new": new}[name]

    return PlaybookReconciler(clock=TickingClock(), secret=no_setting, open_source=open_source)


async def test_every_kind_of_check_is_compared_and_failures_come_first(tmp_path: Path) -> None:
    loaded = loaded_playbook(tmp_path, CHECKS)
    legacy, new = FakeSource(BOTH, name="legacy"), FakeSource(BOTH, name="new")
    reconciled = await over(legacy, new).run(loaded)
    assert [(one.check, one.status) for one in reconciled.results] == [
        ("groups-differ", "failed"),
        ("scalar-differs", "failed"),
        ("no-answer", "error"),
        ("growth-from-zero", "error"),
        ("scalar", "passed"),
        ("groups", "passed"),
        ("growth", "passed"),
    ]
    assert (reconciled.failed, reconciled.errors, reconciled.clean) == (2, 2, False)
    assert legacy.closed
    assert new.closed


async def test_a_check_that_cannot_be_done_says_what_each_side_answered(tmp_path: Path) -> None:
    loaded = loaded_playbook(tmp_path, [scalar_check("c", "SELECT gone", "SELECT lost")])
    reconciled = await over(FakeSource({}, name="legacy"), FakeSource({}, name="new")).run(loaded)
    (result,) = reconciled.results
    assert (result.status, result.variance) == ("error", None)
    assert result.problem == "legacy: it does not answer; new: it does not answer"


async def test_milliseconds_are_measured_by_the_clock(tmp_path: Path) -> None:
    loaded = loaded_playbook(tmp_path, [scalar_check("c", "SELECT 1", "SELECT 1")])
    (result,) = (await over(FakeSource(BOTH), FakeSource(BOTH)).run(loaded)).results
    assert result.milliseconds == 12


async def test_progress_hears_each_result_once_and_counts_up(tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []

    class Hears(Unwatched):
        async def checked(self, done: int, total: int, result: CheckResult) -> None:
            heard.append((done, total, result.check))

    loaded = loaded_playbook(tmp_path, CHECKS)
    await over(FakeSource(BOTH), FakeSource(BOTH)).run(loaded, watch=Hears())
    assert [(done, total) for done, total, _ in heard] == [(number, 7) for number in range(1, 8)]
    assert {name for _, _, name in heard} == {check["id"] for check in CHECKS}


async def test_only_the_chosen_checks_are_run(tmp_path: Path) -> None:
    loaded = loaded_playbook(tmp_path, CHECKS)
    legacy = FakeSource(BOTH)
    reconciled = await over(legacy, FakeSource(BOTH)).run(loaded, only=frozenset({"scalar"}))
    assert [result.check for result in reconciled.results] == ["scalar"]
    assert legacy.asked == ["SELECT 1"]


async def test_a_check_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    loaded = loaded_playbook(tmp_path, CHECKS)
    with pytest.raises(UnknownNameError, match=r"no check “skalar”.*Did you mean scalar\?"):
        await over(FakeSource(BOTH), FakeSource(BOTH)).run(loaded, only=frozenset({"skalar"}))


class CountingSource(FakeSource):
    """Counts queries under way, here and on both sides; each lets the others begin before it answers."""

    def __init__(self, answers: dict[str, Rows], both: list[int]) -> None:
        super().__init__(answers)
        self._both = both
        self.under_way = self.most = self.most_both = 0

    async def scalar(self, sql: str) -> Decimal:
        self.under_way += 1
        self._both[0] += 1
        self.most = max(self.most, self.under_way)
        self.most_both = max(self.most_both, self._both[0])
        for _ in range(5):
            await asyncio.sleep(0)
        self.under_way -= 1
        self._both[0] -= 1
        return await super().scalar(sql)


async def test_both_sides_are_asked_at_once_and_a_source_gets_two_queries_at_a_time(tmp_path: Path) -> None:
    loaded = loaded_playbook(tmp_path, [scalar_check(f"c{i}", "SELECT 1", "SELECT 1") for i in range(8)])
    both = [0]
    legacy, new = CountingSource(BOTH, both), CountingSource(BOTH, both)
    reconciled = await over(legacy, new).run(loaded)
    assert reconciled.clean
    assert (legacy.most, new.most, max(legacy.most_both, new.most_both)) == (2, 2, 4)


def database(path: Path, rows: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE people (id INTEGER)")
        connection.executemany("INSERT INTO people VALUES (?)", [(number,) for number in range(rows)])
        connection.commit()


COUNT = "SELECT COUNT(*) FROM people"


class GatedSource:
    """A source that is asked anything but the first check's question only once the gate is open."""

    def __init__(self, source: Source, gate: asyncio.Event) -> None:
        self._source = source
        self._gate = gate
        self.close = source.close
        self.grouped = source.grouped
        self.snapshot = source.snapshot
        self.newest = source.newest
        self.figures = source.figures
        self.columns = source.columns
        self.tables = source.tables
        self.broken = source.broken

    async def scalar(self, sql: str) -> Decimal:
        if sql != COUNT:
            await self._gate.wait()
        return await self._source.scalar(sql)


async def test_a_database_that_disappears_between_two_checks_makes_the_second_an_error(
    tmp_path: Path,
) -> None:
    database(tmp_path / "legacy.db", 3)
    database(tmp_path / "new.db", 3)
    later = "SELECT COUNT(id) FROM people"
    order = [scalar_check("before", COUNT, COUNT), scalar_check("after", later, later)]
    loaded = loaded_playbook(tmp_path, order)
    seen: list[CheckResult] = []
    gone = asyncio.Event()

    def gated(name: str, spec: SourceSpec, folder: Path, secret: Secrets) -> Source:
        return GatedSource(open_source(name, spec, folder, secret), gone)

    class Removes(Unwatched):
        async def checked(self, done: int, total: int, result: CheckResult) -> None:
            seen.append(result)
            (tmp_path / "new.db").unlink(missing_ok=True)
            gone.set()

    reconciler = PlaybookReconciler(clock=SystemClock(), secret=no_setting, open_source=gated)
    reconciled = await reconciler.run(loaded, watch=Removes())
    assert [(result.check, result.status) for result in seen] == [("before", "passed"), ("after", "error")]
    assert seen[1].problem == f"new (sqlite:///{tmp_path}/new.db): there is no such file"
    assert not reconciled.clean


async def test_a_relative_path_counts_from_the_playbooks_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "planwise"
    (folder / "data").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    database(folder / "data" / "legacy.db", 3)
    database(folder / "data" / "new.db", 4)
    urls = {"legacy": {"url": "sqlite:///data/legacy.db"}, "new": {"url": "sqlite:///data/new.db"}}
    loaded = loaded_playbook(folder, [scalar_check("c", COUNT, COUNT)], sources=urls)
    (result,) = (await PlaybookReconciler(clock=SystemClock(), secret=no_setting).run(loaded)).results
    assert (result.status, result.legacy, result.new) == ("failed", "3", "4")


def setting_of(value: str) -> Callable[[str], str]:
    return lambda name: value if name == "LEDGER_URL" else no_setting(name)


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        (no_setting, "legacy: LEDGER_URL is not set"),
        (setting_of("postgres s3cret nonsense"), "legacy: setting LEDGER_URL is not a database URL"),
        (setting_of("postgresql://a:s3cret@host:x/y"), "legacy: setting LEDGER_URL is not a database URL"),
        (setting_of("abacus://a:s3cret@host/y"), "legacy (abacus://a:***@host/y): there is no SQLAlchemy"),
        (setting_of("sqlite://"), "legacy (sqlite://): an SQLite source names a file"),
    ],
)
async def test_a_source_that_cannot_be_opened_is_an_error_of_its_checks_and_tells_no_password(
    tmp_path: Path, secret: Callable[[str], str], says: str
) -> None:
    database(tmp_path / "new.db", 1)
    sources = {"legacy": {"url": {"env": "LEDGER_URL"}}, "new": {"url": "sqlite:///new.db"}}
    grouped = scalar_check("g", "", "") | {"grouped": {"legacy": "SELECT 1, 2", "new": "SELECT 1, 2"}}
    del grouped["scalar"]
    loaded = loaded_playbook(tmp_path, [scalar_check("c", COUNT, COUNT), grouped], sources=sources)
    reconciled = await PlaybookReconciler(clock=SystemClock(), secret=secret).run(loaded)
    assert [result.status for result in reconciled.results] == ["error", "error"]
    for result in reconciled.results:
        assert result.problem.startswith(says)
        assert "s3cret" not in result.model_dump_json()


async def test_a_fault_of_our_own_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    class Broken(FakeSource):
        async def grouped(self, sql: str) -> dict[Group, Decimal]:
            raise ZeroDivisionError

    loaded = loaded_playbook(tmp_path, CHECKS)
    source = Broken(BOTH)
    with pytest.raises(ExceptionGroup) as raised:
        await over(source, FakeSource(BOTH)).run(loaded)
    assert raised.group_contains(ZeroDivisionError)
    assert source.closed

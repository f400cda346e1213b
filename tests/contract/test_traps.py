"""The traps that known tools fall into, as far as they concern numbers: on SQLite and PostgreSQL.

The numbers are those of the notes. Those of rows are tested where rows are compared.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from bot.domain.check_result import CheckResult
from bot.domain.comparison import Periods, compare_grouped, compare_growth, compare_scalar
from bot.domain.errors import SourceError
from bot.domain.moment import Moment, instant
from bot.domain.playbook.checks import Figure
from bot.reconcile.checks.figures import note_on
from bot.reconcile.databases.database import Limits
from bot.reconcile.sql_source import SqlSource
from tests.contract.people import sqlite_url
from tests.contract.test_source import COUNT, NO_TABLE
from tests.unit.domain.declared import declared

BOTH = {"legacy": "SELECT 1", "new": "SELECT 1"}


@pytest.fixture(params=["sqlite", "postgresql"])
async def source(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlSource]:
    url: URL = (
        sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("people_in_postgres")
    )
    source = SqlSource(name="legacy", url=url, limits=Limits(seconds=10))
    yield source
    await source.close()


async def compared(source: SqlSource, legacy: str, new: str, tolerance: str = "0%") -> CheckResult:
    check = declared(scalar={"legacy": legacy, "new": new}, tolerance=tolerance)
    return compare_scalar(check, await source.scalar(legacy), await source.scalar(new))


async def test_trap_1_sums_that_are_the_same_as_float32_differ(source: SqlSource) -> None:
    result = await compared(source, "SELECT 1149735850", "SELECT 1149735825")
    assert (result.status, result.apart) == ("failed", "-25")


async def test_trap_2_the_eighteenth_digit_counts(source: SqlSource) -> None:
    # SQLite has no decimals: money of that size is kept in cents there.
    in_cents = await compared(source, "SELECT 1234567890123456701", "SELECT 1234567890123456702")
    assert (in_cents.status, in_cents.apart) == ("failed", "+1")


async def test_trap_2_the_eighteenth_digit_of_a_numeric_counts(people_in_postgres: URL) -> None:
    source = SqlSource(name="new", url=people_in_postgres, limits=Limits(seconds=10))
    result = await compared(source, "SELECT 12345678901234567.01", "SELECT 12345678901234567.02")
    assert (result.status, result.apart) == ("failed", "+0.01")
    await source.close()


async def test_trap_11_a_time_with_a_zone_is_read_in_utc_whatever_the_database_is_set_to(
    postgres_database: str,
) -> None:
    url = make_url(postgres_database)
    text = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(text, autocommit=True) as connection:
        connection.execute("ALTER ROLE CURRENT_USER SET timezone = 'Asia/Tokyo'")
        try:
            source = SqlSource(name="new", url=url, limits=Limits(seconds=10))
            groups = await source.grouped("SELECT '2026-03-14 03:12:00Z'::timestamptz::text, 1")
            moment: Moment = await source.newest("SELECT '2026-03-14 03:12:00Z'::timestamptz")
            await source.close()
        finally:
            connection.execute("ALTER ROLE CURRENT_USER RESET timezone")
    assert list(groups) == [("2026-03-14 03:12:00+00",)]
    assert moment == datetime(2026, 3, 14, 3, 12, tzinfo=UTC)


async def test_trap_11_a_time_without_a_zone_is_of_the_declared_one(source: SqlSource) -> None:
    moment = await source.newest("SELECT '2026-03-14 03:12:00'")
    assert instant(moment, "Europe/Berlin") == datetime(2026, 3, 14, 2, 12, tzinfo=UTC)


async def test_trap_12_a_sum_of_floats_is_told_to_be_one(tmp_path: Path, postgres_database: str) -> None:
    make = "CREATE TABLE loads (x double precision)"
    fill = "INSERT INTO loads VALUES (1e16), (1), (-1e16)"
    text = make_url(postgres_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(text) as connection:
        connection.execute(make)
        connection.execute(fill)
    source = SqlSource(name="new", url=make_url(postgres_database), limits=Limits(seconds=10))
    (total,) = await source.figures([Figure(table="loads", sum="x")])
    assert total.of_floats
    assert note_on(("new", total)) == "new added floats: the last of 16 digits can be off"
    await source.close()


async def test_trap_12_sqlite_tells_floats_and_an_overflow_which_harms_no_other_figure(
    tmp_path: Path,
) -> None:
    url = sqlite_url(tmp_path)
    with closing(sqlite3.connect(tmp_path / "people.db")) as connection, connection:
        connection.execute("CREATE TABLE loads (small INTEGER, large INTEGER, x REAL)")
        connection.execute(f"INSERT INTO loads VALUES (1, {2**62}, 0.5), (2, {2**62}, 0.25)")
    source = SqlSource(name="new", url=url, limits=Limits(seconds=10))
    small, large, x = await source.figures(
        [Figure(table="loads", sum=name) for name in ("small", "large", "x")]
    )
    assert (small.number, small.of_floats) == (3, False)
    assert large.problem is not None
    assert "integer overflow" in large.problem.what
    assert (x.number, x.of_floats) == (Decimal("0.75"), True)
    await source.close()


async def test_trap_12_half_a_unit_is_not_rounded(source: SqlSource) -> None:
    assert (await compared(source, "SELECT 2.5", "SELECT 3")).status == "failed"
    assert (await compared(source, "SELECT 2.5", "SELECT 2.50")).status == "passed"


@pytest.mark.parametrize(
    ("legacy", "new", "tolerance", "verdict"),
    [
        (0, 0, "0%", ("passed", "0")),
        (0, 5, "100%", ("failed", "new from zero")),
        (100000, 100100, "0.1%", ("passed", "+0.1%")),
        (-100, -101, "1%", ("passed", "-1%")),
    ],
)
async def test_trap_14_the_denominator_is_the_absolute_value_of_legacy(
    source: SqlSource, legacy: int, new: int, tolerance: str, verdict: tuple[str, str]
) -> None:
    result = await compared(source, f"SELECT {legacy}", f"SELECT {new}", tolerance)
    assert (result.status, result.difference) == verdict
    assert result.legacy
    assert result.new


async def test_trap_14_a_missing_group_fails(source: SqlSource) -> None:
    one, two = "SELECT 'a', 1", "SELECT 'a', 1 UNION ALL SELECT 'b', 0"
    check = declared(grouped={"legacy": two, "new": one}, tolerance="100%")
    result = compare_grouped(check, await source.grouped(two), await source.grouped(one))
    assert result.status == "failed"


async def test_trap_14_growth_over_a_zero_base_is_undefined(source: SqlSource) -> None:
    zero, ten = await source.scalar("SELECT 0"), await source.scalar("SELECT 10")
    check = declared(growth={"current": BOTH, "previous": BOTH}, tolerance="0.5pp")
    result = compare_growth(check, Periods(zero, ten), Periods(Decimal(5), ten))
    assert (result.status, result.variance) == ("error", None)


async def test_trap_15_a_transaction_that_was_made_writable_is_refused(people_in_postgres: URL) -> None:
    source = SqlSource(name="new", url=people_in_postgres, limits=Limits(seconds=10))
    writable = "SELECT set_config('transaction_read_only', 'off', false), 1"
    for _ in range(2):
        with pytest.raises(SourceError, match="read-write mode"):
            await source.grouped(writable)
        await source.snapshot()
    await source.close()


async def test_trap_17_no_password_is_in_an_error(source: SqlSource) -> None:
    url = make_url("postgresql://reader:s3cret@127.0.0.1:1/ledger?password=s3cret&options=s3cret")
    hidden = SqlSource(name="new", url=url, limits=Limits(seconds=2))
    for answer in (hidden.scalar("SELECT 1"), hidden.newest("SELECT 1"), hidden.columns("people")):
        with pytest.raises(SourceError) as raised:
            await answer
        assert "s3cret" not in f"{raised.value!r} {raised.value}"
        assert "s3cret" not in repr(raised.value.__cause__)
    await hidden.close()


@pytest.mark.parametrize("held", [False, True])
async def test_trap_18_a_failed_query_does_not_poison_the_next_one(source: SqlSource, held: bool) -> None:
    if held:
        await source.snapshot()
    for _ in range(3):
        with pytest.raises(SourceError):
            await source.scalar(NO_TABLE)
        assert await source.scalar(COUNT) == 4

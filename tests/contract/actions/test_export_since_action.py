"""What the export-since adapter promises beyond the contract, on SQLite and PostgreSQL."""

import csv
import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from actions.export_parameters import ExportParameters
from tests.contract.actions.case import Case
from tests.contract.actions.export_case import SINCE, export_case
from tests.postgres import fresh_database


@pytest.fixture
async def exports(tmp_path: Path) -> AsyncIterator[Case]:
    async with export_case(tmp_path) as case:
        yield case


def _read(case: Case) -> list[list[str]]:
    with (case.folder / "out" / "orders.csv").open(newline="", encoding="utf-8") as file:
        return [*csv.reader(file)]


async def test_what_was_written_since_is_there_in_legacys_columns_exactly(exports: Case) -> None:
    outcome = await exports.act(exports.once)
    assert _read(exports) == [
        ["ORDER_NO", "AMT", "NOTE"],
        ["2", "20.50", 'with "quotes", and\nlines'],
        ["3", "30.00", ""],
    ]
    assert outcome.summary == "2 rows written since 2026-03-21 05:00 UTC are in 1 files in out"


async def test_its_evidence_counts_rows_and_has_the_digest_of_each_file(exports: Case) -> None:
    outcome = await exports.act(exports.once)
    digest = hashlib.sha256((exports.folder / "out" / "orders.csv").read_bytes()).hexdigest()
    evidence = {piece.name: piece.text for piece in outcome.evidence}
    assert evidence["orders.csv"].startswith(f"Orders: 2 rows, SHA-256 {digest}, ")


async def test_before_the_cutover_there_is_nothing_to_export(exports: Case) -> None:
    case = replace(exports, since=None)
    outcome = await case.act(case.once)
    assert (outcome.status, case.effects()) == ("succeeded", 0)
    assert "has not been cut over" in outcome.summary
    assert "has not been cut over" in (await case.preview(case.once)).effect


async def test_the_preview_shows_each_query_its_file_and_the_moment(exports: Case) -> None:
    preview = await exports.preview(exports.once)
    assert preview.exact.startswith("out/orders.csv: SELECT id AS ORDER_NO")
    assert preview.exact.endswith(":since = 2026-03-21 05:00:00 UTC")


async def test_rows_that_came_since_an_export_are_found_missing(exports: Case) -> None:
    await exports.act(exports.once)
    with closing(sqlite3.connect(exports.folder / "new.db")) as connection, connection:
        connection.execute("INSERT INTO orders VALUES (4, '2026-03-21 10:00:00', '1.00', 'late')")
    probe = await exports.probe(exports.once)
    assert (probe.done, probe.summary) == (
        "no",
        "not there, or not as it would be written now: orders.csv",
    )


async def test_a_query_that_breaks_leaves_the_files_of_the_one_before_and_says_so(exports: Case) -> None:
    broken = {"id": "broken", "title": "Broken", "sql": "SELECT x FROM nowhere WHERE at >= :since"}
    orders = exports.once["exports"]
    assert isinstance(orders, list)
    outcome = await exports.act({**exports.once, "exports": [*orders, broken]})
    assert (outcome.status, exports.effects()) == ("failed", 1)
    assert outcome.summary.startswith("1 files written, then: no such table")


async def test_a_statement_that_writes_and_a_folder_elsewhere_are_not_taken(exports: Case) -> None:
    for changes in (
        {"to": "../out"},
        {"exports": [{"id": "a", "title": "A", "sql": "DELETE FROM orders WHERE at >= :since"}]},
    ):
        with pytest.raises(ValidationError):
            ExportParameters.model_validate({**exports.once, **changes})


async def test_on_postgresql_the_moment_is_one_with_its_zone(exports: Case, postgres_url: str) -> None:
    with fresh_database(postgres_url) as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE orders (id int, at timestamptz, amount numeric)"))
            insert = sa.text("INSERT INTO orders VALUES (:id, :at, :amount)")
            for number, hour in ((1, 4), (2, 5), (3, 6)):
                at = datetime(2026, 3, 21, hour, tzinfo=UTC)
                connection.execute(insert, {"id": number, "at": at, "amount": "1.50"})
        engine.dispose()
        sql = "SELECT id, amount, true AS paid FROM orders WHERE at >= :since ORDER BY id"
        case = replace(exports, secrets={"NEW_URL": url})
        outcome = await case.act(
            {**exports.once, "exports": [{"id": "orders", "title": "Orders", "sql": sql}]}
        )
        assert outcome.status == "succeeded", outcome
        assert _read(case) == [["id", "amount", "paid"], ["2", "1.50", "true"], ["3", "1.50", "true"]]
        assert SINCE.hour == 5

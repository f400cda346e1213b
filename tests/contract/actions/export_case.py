"""The world of the export-since adapter: a new system with orders, two of them since the cutover."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from actions.export_since import ExportSinceAction
from tests.contract.actions.case import Case, http_session
from tests.contract.actions.cases import ENDLESS

SINCE = datetime(2026, 3, 21, 5, 0, tzinfo=UTC)
ORDERS = "SELECT id AS ORDER_NO, amount AS AMT, note AS NOTE FROM orders WHERE at >= :since ORDER BY id"
ROWS = (
    (1, "2026-03-21 04:59:59", "10.00", "before"),
    (2, "2026-03-21 05:00:00", "20.50", 'with "quotes", and\nlines'),
    (3, "2026-03-21 09:00:00", "30.00", None),
)


def fill(path: Path) -> None:
    """Make the new system's database."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (id INTEGER, at TEXT, amount TEXT, note TEXT)")
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", ROWS)


@asynccontextmanager
async def export_case(folder: Path) -> AsyncIterator[Case]:
    path = folder / "new.db"
    fill(path)
    url: JsonValue = {"env": "NEW_URL"}
    orders = {"id": "orders", "title": "Orders", "sql": ORDERS}
    out = folder / "out"
    async with http_session() as session:
        yield Case(
            action=ExportSinceAction(),
            folder=folder,
            session=session,
            once={"to": "out", "url": url, "exports": [orders]},
            again={"to": "out", "url": url, "exports": [orders]},
            slow={"to": "out", "url": url, "exports": [{**orders, "sql": ENDLESS}]},
            effects=lambda: len([*out.glob("*.csv")]),
            state=lambda: {file.name: file.read_bytes() for file in out.glob("*.csv")},
            under_way=lambda: any(out.glob(".switchback-*")),
            secrets={"NEW_URL": f"sqlite:///{path}"},
            since=SINCE,
        )

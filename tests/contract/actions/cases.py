"""The worlds of the adapters that come with the bot, and of the one in memory."""

import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from pydantic import JsonValue

from actions.exec import ExecAction
from actions.file import FileAction
from actions.http import HttpAction
from actions.process_search import marked
from actions.sql import SqlAction
from tests.contract.actions.case import Case, http_session
from tests.contract.actions.server import counting_server
from tests.fakes.action import FakeAction

SECRET = 'hunter2/"geheim" ünd lang'
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i = 1"


def sh(script: str) -> list[JsonValue]:
    return ["sh", "-c", script]


@asynccontextmanager
async def fake_case(folder: Path) -> AsyncIterator[Case]:
    action = FakeAction()
    async with http_session() as session:
        yield Case(
            action=action,
            folder=folder,
            session=session,
            once={"value": "a", "token": {"env": "TOKEN"}},
            again={"value": "a", "idempotent": True},
            slow={"value": "a", "hangs": True},
            effects=lambda: len(action.effects),
            state=lambda: list(action.effects),
            under_way=lambda: action.waiting > 0,
            secrets={"TOKEN": SECRET},
        )


@asynccontextmanager
async def exec_case(folder: Path) -> AsyncIterator[Case]:
    log = folder / "effects"
    once = 'echo "$TOKEN"; echo "$TOKEN" >&2; echo done >> effects'
    async with http_session() as session:
        case = Case(
            action=ExecAction(),
            folder=folder,
            session=session,
            once={
                "argv": sh(once),
                "env": {"TOKEN": {"env": "TOKEN"}},
                "probe": {"argv": ["test", "-e", "effects"]},
            },
            again={"argv": sh("echo done > effects"), "idempotent": True},
            slow={"argv": sh("echo > begun; sleep 600; echo done >> effects")},
            effects=lambda: len(log.read_text().splitlines()) if log.exists() else 0,
            state=lambda: {path.name: path.read_bytes() for path in folder.iterdir()},
            under_way=(folder / "begun").exists,
            secrets={"TOKEN": SECRET},
        )
        try:
            yield case
        finally:
            for process in marked({"SWITCHBACK_RUN_ID": case.run_id}):
                os.kill(process.pid, signal.SIGKILL)


@asynccontextmanager
async def http_case(folder: Path) -> AsyncIterator[Case]:
    async with counting_server() as server, http_session() as session:
        secret: JsonValue = {"env": "TOKEN"}
        yield Case(
            action=HttpAction(),
            folder=folder,
            session=session,
            once={
                "method": "POST",
                "url": f"{server.url}/effects",
                "headers": {"X-Token": secret},
                "bearer": secret,
                "json": {"route": "legacy"},
                "probe": {"url": f"{server.url}/effects", "expect_json": {"count": 1}},
            },
            again={"method": "PUT", "url": f"{server.url}/state", "text": "legacy"},
            slow={"method": "POST", "url": f"{server.url}/hang"},
            effects=lambda: server.effects,
            state=lambda: (server.effects, server.put),
            under_way=lambda: server.waiting > 0,
            secrets={"TOKEN": "hunter2/+geheim-und-lang"},
        )


def _rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT route FROM routes").fetchall()


@asynccontextmanager
async def sql_case(folder: Path) -> AsyncIterator[Case]:
    path = folder / "routes.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE routes (route TEXT)")
    url: JsonValue = {"env": "ROUTES_URL"}
    async with http_session() as session:
        yield Case(
            action=SqlAction(),
            folder=folder,
            session=session,
            once={
                "url": url,
                "statement": "INSERT INTO routes VALUES (:route)",
                "parameters": {"route": "legacy"},
                "expect_rows": 1,
                "probe": {"query": "SELECT count(*) FROM routes WHERE route = :route", "equals": 1},
            },
            again={"url": url, "statement": "UPDATE routes SET route = 'legacy'", "idempotent": True},
            slow={"url": url, "statement": f"INSERT INTO routes {ENDLESS}"},
            effects=lambda: len(_rows(path)),
            state=lambda: _rows(path),
            # It is there from the first row that is written; the second never comes.
            under_way=(folder / "routes.db-journal").exists,
            secrets={"ROUTES_URL": f"sqlite:///{path}"},
        )


@asynccontextmanager
async def file_case(folder: Path) -> AsyncIterator[Case]:
    locked = sqlite3.connect(folder / "locked.db", isolation_level=None)
    with closing(locked), closing(sqlite3.connect(folder / "legacy.db")) as connection, connection:
        connection.execute("CREATE TABLE routes (route TEXT)")
        locked.execute("CREATE TABLE routes (route TEXT)")
        locked.execute("BEGIN EXCLUSIVE")
        async with http_session() as session:
            yield Case(
                action=FileAction(),
                folder=folder,
                session=session,
                once={"copy": {"from": "legacy.db", "to": "kept-{run_id}.db", "sqlite": True}},
                again={"write": {"path": "route.json", "json": {"to": "legacy"}}},
                slow={"copy": {"from": "locked.db", "to": "late.db", "sqlite": True}},
                effects=lambda: sum(
                    1
                    for path in folder.glob("*.db")
                    if path.name.startswith(("kept-", "late.")) and path.suffix == ".db"
                ),
                state=lambda: {path.name: path.read_bytes() for path in folder.iterdir()},
                under_way=lambda: any(folder.glob(".switchback-*")),
            )

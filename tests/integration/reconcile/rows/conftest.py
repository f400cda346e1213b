"""Pairs of databases for row checks."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.domain.check_result import CheckResult
from tests.integration.reconcile.rows.comparing import Followed, ImpatientClock, compare
from tests.postgres import fresh_database


@dataclass
class Databases:
    """Legacy in SQLite, new in SQLite or PostgreSQL; a statement is run on either side."""

    folder: Path
    url: str
    new_is_postgres: bool

    def legacy(self, *statements: str) -> None:
        self.sqlite("legacy.db", *statements)

    def new(self, *statements: str) -> None:
        if not self.new_is_postgres:
            self.sqlite("new.db", *statements)
            return
        plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def both(self, *statements: str) -> None:
        self.legacy(*statements)
        self.new(*statements)

    def sqlite(self, name: str, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / name)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    async def compare(
        self,
        *,
        clock: ImpatientClock | None = None,
        followed: Followed | None = None,
        tolerance: str = "0%",
        source: dict[str, object] | None = None,
        **rows: object,
    ) -> tuple[CheckResult, Followed]:
        """A row check of the tables t."""
        declared = {"key": ["id"], "legacy": {"table": "t"}, "new": {"table": "t"}, **rows}
        sources = {
            "legacy": {"url": "sqlite:///legacy.db", **(source or {})},
            "new": {"url": {"env": "NEW_URL"}, **(source or {})},
        }
        return await compare(
            self.folder,
            declared,
            sources=sources,
            secrets={"NEW_URL": self.url},
            clock=clock,
            followed=followed,
            tolerance=tolerance,
        )

    async def told(self, **rows: object) -> list[tuple[str, str]]:
        """Kind and key of what differs, in the order in which it is told."""
        result, followed = await self.compare(**rows)
        assert result.rows is not None, result.problem
        assert result.rows.total == len(followed.rows)
        return followed.kinds()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """Two empty databases."""
    (tmp_path / "legacy.db").touch()
    (tmp_path / "new.db").touch()
    if request.param == "sqlite":
        yield Databases(tmp_path, "sqlite:///new.db", new_is_postgres=False)
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as url:
        yield Databases(tmp_path, url, new_is_postgres=True)


@pytest.fixture
def files(tmp_path: Path) -> Databases:
    """Two empty SQLite files."""
    (tmp_path / "legacy.db").touch()
    (tmp_path / "new.db").touch()
    return Databases(tmp_path, "sqlite:///new.db", new_is_postgres=False)

"""The schema: what migrations make is what the tables say."""

import asyncio
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.domain.errors import StoreError
from bot.store import migrate as migrating
from bot.store.columns import metadata
from bot.store.migrate import migrate, newest_revision
from bot.store.tables import audit_head

_MIGRATE = "import sys; from sqlalchemy import make_url; from bot.store.migrate import migrate; "
_MIGRATE += "migrate(make_url(sys.argv[1]))"


def _tables(url: sa.URL) -> set[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def _drift(url: sa.URL) -> list[object]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))
    finally:
        engine.dispose()


def _heads(url: sa.URL) -> list[tuple[object, ...]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.select(audit_head))]
    finally:
        engine.dispose()


def test_migrations_make_exactly_the_tables_that_the_store_uses(empty_database: sa.URL) -> None:
    migrate(empty_database)
    assert _tables(empty_database) == {*metadata.tables, "alembic_version"}
    assert _drift(empty_database) == []


def test_migrating_a_second_time_changes_nothing(empty_database: sa.URL) -> None:
    migrate(empty_database)
    before = _heads(empty_database)
    migrate(empty_database)
    assert _heads(empty_database) == before == [(1, 0, "0" * 64)]


def test_the_newest_revision_by_its_file_is_that_which_alembic_would_upgrade_to() -> None:
    scripts = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))
    assert newest_revision() == scripts.get_current_head()


def test_a_database_that_is_up_to_date_is_left_alone(
    empty_database: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(empty_database)
    upgraded: list[sa.Connection] = []
    monkeypatch.setattr(migrating, "_upgrade", upgraded.append)
    migrate(empty_database)
    assert upgraded == []


async def test_two_processes_may_migrate_an_empty_database_at_once(empty_database: sa.URL) -> None:
    url = empty_database.render_as_string(hide_password=False)
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", _MIGRATE, url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    ended = [(await process.communicate(), process.returncode) for process in processes]
    assert [status for _, status in ended] == [0, 0], ended
    assert _tables(empty_database) == {*metadata.tables, "alembic_version"}
    assert len(_heads(empty_database)) == 1


def test_a_database_that_is_not_there_is_told_in_one_line_without_its_password() -> None:
    url = sa.URL.create("postgresql+psycopg", "sb", "pa55word", "127.0.0.1", 1, "switchback")
    with pytest.raises(StoreError, match="cannot be used") as error:
        migrate(url)
    assert "pa55word" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open"):
        migrate(sa.URL.create("sqlite", database=str(tmp_path / "missing" / "store.db")))

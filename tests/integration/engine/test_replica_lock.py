"""The lock on a replica's id."""

from pathlib import Path

import pytest

from bot.domain.errors import SettingsError, StoreError
from bot.engine.lock import replica_lock
from bot.store.database import database_url
from tests.postgres import postgres_database

__all__ = ["postgres_database"]


def never() -> None:
    raise AssertionError("the lock was lost")


async def test_a_second_process_of_one_replica_is_refused_on_sqlite(tmp_path: Path) -> None:
    url = database_url(f"sqlite:///{tmp_path / 'switchback.db'}")
    async with replica_lock(url, "main", lost=never):
        with pytest.raises(SettingsError, match="Another Switchback is running as replica “main”"):
            async with replica_lock(url, "main", lost=never):
                pass
        async with replica_lock(url, "other", lost=never):
            pass


async def test_a_second_process_of_one_replica_is_refused_on_postgresql(postgres_database: str) -> None:
    url = database_url(postgres_database)
    async with replica_lock(url, "main", lost=never):
        with pytest.raises(SettingsError, match="Another Switchback is running as replica “main”"):
            async with replica_lock(url, "main", lost=never):
                pass
    async with replica_lock(url, "main", lost=never):
        pass


async def test_a_server_that_is_away_is_told_in_one_line_without_its_password() -> None:
    url = database_url("postgresql://switchback:hunter2@127.0.0.1:1/switchback")
    with pytest.raises(StoreError, match="The database cannot be used: connection failed") as told:
        async with replica_lock(url, "main", lost=never):
            pass
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)

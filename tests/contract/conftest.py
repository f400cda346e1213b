"""Fixtures of the contract tests."""

from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from tests.contract.people import filled_postgres
from tests.postgres import fresh_database, postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]


@pytest.fixture(scope="session")
def people_in_postgres(postgres_url: str) -> Iterator[URL]:
    """A database with the table of people, for tests that change nothing."""
    with fresh_database(postgres_url) as url:
        yield filled_postgres(url)

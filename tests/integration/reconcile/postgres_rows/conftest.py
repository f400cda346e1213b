"""Two databases of one server, and one that is both sides."""

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, make_url

from tests.integration.reconcile.postgres_rows.postgres_world import PostgresWorld
from tests.postgres import fresh_database


@pytest.fixture(scope="session")
def two_urls(postgres_url: str) -> Iterator[tuple[URL, URL]]:
    """Two databases that stay for all tests."""
    with fresh_database(postgres_url) as legacy, fresh_database(postgres_url) as new:
        yield make_url(legacy), make_url(new)


@pytest.fixture
def two_databases(two_urls: tuple[URL, URL]) -> Iterator[PostgresWorld]:
    """A database of each side."""
    world = PostgresWorld(urls={"legacy": two_urls[0], "new": two_urls[1]})
    yield world
    world.close()


@pytest.fixture
def one_database(two_urls: tuple[URL, URL]) -> Iterator[PostgresWorld]:
    """One database for both sides."""
    world = PostgresWorld(urls={"legacy": two_urls[0], "new": two_urls[0]})
    yield world
    world.close()


@pytest.fixture(params=["one database", "two databases"])
def world(request: pytest.FixtureRequest, two_urls: tuple[URL, URL]) -> Iterator[PostgresWorld]:
    """One database for both sides, and one for each."""
    new = two_urls[0 if request.param == "one database" else 1]
    world = PostgresWorld(urls={"legacy": two_urls[0], "new": new})
    yield world
    world.close()

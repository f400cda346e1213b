"""Tables are read whole, whatever the database, and told apart by what they hold."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.table_state import TableState, differences
from bot.reconcile.table_reader import PlaybookTableReader
from tests.integration.ledger import ledger
from tests.postgres import fresh_database, postgres_url

__all__ = ["postgres_url"]

OTHER = "books.postings: still 40 rows, with other contents"
Execute = Callable[[str], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with two tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'books.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres_url")) as made:
        yield made


@pytest.fixture
def execute(url: str) -> Iterator[Execute]:
    """Change the database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)

    def run(statement: str) -> None:
        with engine.begin() as connection:
            connection.execute(sa.text(statement))

    run("CREATE TABLE postings (id INTEGER, amount NUMERIC(12, 2), note TEXT, at DATE)")
    for number in range(40):
        run(f"INSERT INTO postings VALUES ({number}, {number}.50, 'n{number}', NULL)")
    run('CREATE TABLE "Empty" (id INTEGER)')
    yield run
    engine.dispose()


def playbook(folder: Path, *tables: str) -> LoadedPlaybook:
    compared = {"id": "books", "title": "Books", "url": {"env": "BOOKS"}, "tables": [*tables]}
    rehearsal = {"environment": "staging", "compare": [compared]}
    environments = {"production": {}, "staging": {}}
    return ledger(folder, environments=environments, rehearsal=rehearsal)


async def read(url: str, folder: Path, *tables: str) -> tuple[TableState, ...]:
    return await PlaybookTableReader(secret=lambda _: url).read(playbook(folder, *tables))


async def test_rows_are_counted_and_the_same_rows_in_another_order_are_the_same(
    url: str, execute: Execute, tmp_path: Path
) -> None:
    before = await read(url, tmp_path, "postings", "Empty")
    assert [(state.table, state.rows, state.problem) for state in before] == [
        ("postings", 40, ""),
        ("Empty", 0, ""),
    ]
    execute("CREATE TABLE turned AS SELECT * FROM postings ORDER BY id DESC")
    execute("DELETE FROM postings")
    execute("INSERT INTO postings SELECT * FROM turned")
    assert differences(before, await read(url, tmp_path, "postings", "Empty")) == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE postings SET amount = 7.51 WHERE id = 7",
            OTHER,
        ),
        (
            "UPDATE postings SET note = NULL WHERE id = 7",
            OTHER,
        ),
        ("DELETE FROM postings WHERE id = 7", "books.postings: 40 rows before, 39 after"),
    ],
)
async def test_a_change_of_one_cell_or_row_is_seen(
    url: str, execute: Execute, tmp_path: Path, statement: str, told: str
) -> None:
    before = await read(url, tmp_path, "postings")
    execute(statement)
    assert differences(before, await read(url, tmp_path, "postings")) == (told,)


async def test_what_cannot_be_read_is_told_and_the_rest_is_read(
    url: str, execute: Execute, tmp_path: Path
) -> None:
    missing, there = await read(url, tmp_path, "nothing", "postings")
    assert (missing.rows, missing.digest) == (None, "")
    assert "nothing" in missing.problem
    assert there.rows == 40


async def test_a_database_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    for url in ("sqlite:///none.db", "postgresql://sam:hunter2@127.0.0.1:9/none", "not a url"):
        (state,) = await read(url, tmp_path, "postings")
        assert state.problem
        assert "hunter2" not in state.problem
    assert not (tmp_path / "none.db").exists()

"""Which tables and columns a query reads."""

import pytest

from bot.domain.table_shape import TableShape
from bot.reconcile.sql_reads import SqlReader, UnreadableSqlError

SHAPES = (
    TableShape("people", ("id", "name", "pay", "dept_id", "Odd"), "public"),
    TableShape("dept", ("id", "title"), "public"),
    TableShape("app.log", ("id", "at"), "app"),
)
READER = SqlReader("postgresql", SHAPES)
Reads = dict[str, set[str]]


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        ("SELECT COUNT(*) FROM people WHERE pay > 1", {"people": {"pay"}}),
        ("SELECT COUNT(*) FROM people", {"people": set()}),
        ("SELECT COUNT(*) FROM (SELECT * FROM people) AS x", {"people": set()}),
        (
            "SELECT SUM(pay) FROM people p JOIN dept d ON d.id = p.dept_id",
            {"people": {"pay", "dept_id"}, "dept": {"id"}},
        ),
        ("WITH a AS (SELECT * FROM people) SELECT name, COUNT(*) FROM a GROUP BY name", {"people": {"name"}}),
        (
            "SELECT title, (SELECT COUNT(*) FROM people WHERE dept_id = dept.id) FROM dept",
            {"dept": {"title", "id"}, "people": {"dept_id"}},
        ),
        ("SELECT MAX(at) FROM app.log", {"app.log": {"at"}}),
        ('SELECT MAX("Odd") FROM PUBLIC.People', {"people": {"Odd"}}),
        ("SELECT name FROM people UNION ALL SELECT title FROM dept", {"people": {"name"}, "dept": {"title"}}),
        ("SELECT 1", {}),
    ],
)
def test_only_what_the_answer_depends_on_is_read(query: str, reads: Reads) -> None:
    assert READER.reads(query) == reads


@pytest.mark.parametrize(
    "query",
    [
        "SELECT FROM WHERE",
        "SELECT nothing FROM people",
        "SELECT x FROM a_view",
        "SELECT COUNT(*) FROM elsewhere.people",
        "VACUUM",
    ],
)
def test_a_query_that_does_not_say_what_it_reads_is_never_taken_for_one_that_reads_nothing(
    query: str,
) -> None:
    with pytest.raises(UnreadableSqlError):
        READER.reads(query)


@pytest.mark.parametrize("backend", ["sqlite", "mysql", "mariadb", "oracle", "unheard-of"])
def test_every_dialect_is_read(backend: str) -> None:
    reader = SqlReader(backend, [TableShape("people", ("id", "pay"), "main")])
    assert reader.reads("SELECT SUM(pay) FROM people WHERE id > 1") == {"people": {"id", "pay"}}
    assert reader.reads("SELECT * FROM people", only=["pay"]) == {"people": {"pay"}}


def test_a_condition_is_read_in_its_table() -> None:
    assert READER.reads_in_condition("people", "name LIKE 'a%' AND pay > 0") == {"people": {"name", "pay"}}

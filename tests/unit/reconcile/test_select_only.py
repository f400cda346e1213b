"""Which texts pass as a single SELECT, and what is sent for them."""

import pytest

from bot.domain.errors import SourceError
from bot.reconcile.select_only import bounded_select


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1",
        "  with a as (select 1) select * from a ;  ",
        "/* counts */ SELECT replace(name, ';', '') FROM people -- all; of them",
        'SELECT "delete" FROM people',
        "SELECT $q$ ; DROP TABLE people $q$",
    ],
)
def test_one_select_is_sent_with_a_bound_on_its_rows(query: str) -> None:
    statement = bounded_select(query, rows=2)
    assert statement.startswith("SELECT * FROM (\n")
    assert statement.endswith("\n) AS compared LIMIT 2")


def test_the_end_of_a_statement_and_a_comment_behind_it_are_cut_off() -> None:
    assert bounded_select("SELECT 1 ; -- done", rows=1) == "SELECT * FROM (\nSELECT 1\n) AS compared LIMIT 1"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "only a SELECT"),
        ("UPDATE people SET pay = 0", "only a SELECT"),
        ("EXPLAIN SELECT 1", "only a SELECT"),
        ("SELECTED", "only a SELECT"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("SELECT 1;;", "one statement"),
        ("WITH a AS (Insert INTO b VALUES (1) RETURNING 1) SELECT * FROM a", "has INSERT"),
        ("SELECT 1 INTO c", "has INTO"),
        ("SELECT 1 FROM a FOR UPDATE", "has UPDATE"),
    ],
)
def test_anything_else_is_refused_with_the_reason(query: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        bounded_select(query, rows=1)

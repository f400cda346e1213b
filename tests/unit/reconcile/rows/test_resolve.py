"""Which columns meet; and what is said of those that cannot."""

import pytest

from bot.domain.errors import SourceError
from bot.reconcile.rows.kinds import SideColumn, declared_kind
from bot.reconcile.rows.resolve import resolve
from tests.unit.reconcile.rows.columns import rows

ID = SideColumn("id", "integer")
NAME = SideColumn("name", "text")


def test_columns_meet_by_name_or_as_renamed() -> None:
    declared = rows(
        key=[{"legacy": "nr", "new": "id"}], columns={"amount": {"new": "amount_eur"}}, ignore=["x", "y"]
    )
    legacy = (SideColumn("nr", "integer"), SideColumn("amount", "decimal"), NAME, SideColumn("x", None))
    new = (NAME, SideColumn("amount_eur", "float"), ID, SideColumn("y", "text"))
    found = resolve(declared, legacy, new)
    assert [(one.legacy.name, one.new.name, one.kind) for one in found.columns] == [
        ("nr", "id", "integer"),
        ("amount", "amount_eur", "decimal"),
        ("name", "name", "text"),
    ]


@pytest.mark.parametrize(
    ("declared", "legacy", "new", "problem"),
    [
        ({}, (ID, NAME), (ID,), "only legacy has column name: rename or ignore it"),
        ({}, (ID,), (ID, NAME), "only new has column name: rename or ignore it"),
        ({}, (ID, NAME), (ID, SideColumn("names", "text")), r"only legacy .*did you mean names\?"),
        ({"key": ["nr"]}, (ID,), (ID,), "legacy has no column nr, named in the key"),
        ({"columns": {"nam": {}}}, (ID, NAME), (ID, NAME), r"no column nam, .*did you mean name\?"),
        ({"ignore": ["nam"]}, (ID, NAME), (ID, NAME), "no side has the ignored column nam"),
        (
            {},
            (ID, NAME),
            (ID, SideColumn("name", "integer")),
            "name is text in legacy and integer in new: cast",
        ),
        ({}, (ID, SideColumn("p", None, "point")), (ID, SideColumn("p", "text")), "type point, which has no"),
        ({"columns": {"name": {"tolerance": "1"}}}, (ID, NAME), (ID, NAME), "a tolerance is for numbers"),
        ({"columns": {"id": {"tolerance": "1"}}}, (ID,), (ID,), "in the key and cannot have a tolerance"),
        (
            {"columns": {"a": {"new": "name"}}},
            (ID, NAME, SideColumn("a", "text")),
            (ID, NAME),
            "both compared",
        ),
        ({"watermark": {"legacy": "at", "new": "at"}}, (ID,), (ID,), "no column at, named in a window"),
    ],
)
def test_what_cannot_be_compared_is_named(
    declared: dict[str, object], legacy: tuple[SideColumn, ...], new: tuple[SideColumn, ...], problem: str
) -> None:
    with pytest.raises(SourceError, match=problem):
        resolve(rows(**declared), legacy, new)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(SourceError, match=r"only legacy has column a.*only new has column b"):
        resolve(rows(), (ID, SideColumn("a", "text")), (ID, SideColumn("b", "boolean")))


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("INTEGER", "integer"),
        ("bigint unsigned", "integer"),
        ("numeric(12,2)", "decimal"),
        ("double precision", "float"),
        ("character varying(9)", "text"),
        ("enum('a')", "text"),
        ("tinyint(1)", "boolean"),
        ("timestamp without time zone", "timestamp"),
        ("timestamp(3) with time zone", "timestamptz"),
        ("DATETIME", "timestamp"),
        ("time with time zone", None),
        ("bytea", "bytes"),
        ("integer[]", None),
        ("int4range", None),
        ("interval", None),
        ("point", None),
        ("tsvector", None),
        ("", "untyped"),
    ],
)
def test_a_declared_type_has_a_kind_or_none(declared: str, kind: str | None) -> None:
    assert declared_kind(declared) == kind

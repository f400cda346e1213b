"""The columns of two tables."""

from bot.domain.check_result import CheckResult
from bot.domain.schema_comparison import compare_schema
from bot.domain.table_shape import TableColumn
from tests.unit.domain.declared import declared

LEGACY = (
    TableColumn("id", "integer", "BIGINT", nullable=False),
    TableColumn("status", "text", "CHAR(1)", nullable=True),
    TableColumn("salary", "decimal", "NUMERIC(12, 2)", nullable=True),
)
NEW = (
    TableColumn("ID", "integer", "INTEGER", nullable=False),
    TableColumn("active", "boolean", "BOOLEAN", nullable=False),
    TableColumn("salary", "decimal", "DECIMAL(14, 4)", nullable=True),
)


def schema(legacy: tuple[TableColumn, ...], new: tuple[TableColumn, ...], **more: object) -> CheckResult:
    check = declared(schema={"tables": {"legacy": "a", "new": "b"}} | more)
    assert check.schema_ is not None
    return compare_schema(check, check.schema_, legacy, new)


def test_columns_of_one_kind_are_the_same_whatever_their_databases_call_them() -> None:
    result = schema(LEGACY[::2], NEW[::2])
    assert (result.status, result.difference, result.legacy, result.new) == (
        "passed",
        "0",
        "2 columns",
        "2 columns",
    )


def test_a_column_of_one_side_is_found_by_its_name() -> None:
    result = schema(LEGACY, NEW)
    assert result.status == "failed"
    assert [(one.name, one.text) for one in result.found] == [
        ("status", "status: missing in new"),
        ("active", "active: only in new"),
    ]
    assert result.difference == "2 of 4 columns differ"


def test_a_renamed_column_is_compared_with_its_new_name() -> None:
    result = schema(LEGACY, NEW, renamed={"status": "active"})
    assert [(one.name, one.text) for one in result.found] == [
        ("status", "status (new: active): text (char(1)) → boolean, may be NULL only in legacy")
    ]


def test_a_kind_can_be_accepted_and_nullability_left_out() -> None:
    result = schema(LEGACY, NEW, renamed={"status": "active"}, kinds={"status": "boolean"}, nullable=False)
    assert result.status == "passed"


def test_ignored_columns_of_either_side_are_not_compared() -> None:
    assert schema(LEGACY, NEW, ignore=["Status", "active"]).status == "passed"


def test_kinds_without_a_word_are_compared_by_their_declared_types() -> None:
    point = TableColumn("at", None, "POINT", nullable=True)
    assert schema((point,), (point,)).status == "passed"
    result = schema((point,), (TableColumn("at", "text", "TEXT", nullable=True),))
    assert [one.text for one in result.found] == ["at: point → text"]


def test_a_table_without_columns_is_an_error() -> None:
    assert schema((), NEW).status == "error"

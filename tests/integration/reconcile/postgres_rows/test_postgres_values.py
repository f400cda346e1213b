"""What SQL says of two values against the one definition of equality."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy import URL

from bot.domain.playbook.row_checks import Column
from bot.reconcile.rows.cells import CellComparison
from bot.reconcile.rows.kinds import SideColumn, declared_kind, shared_kind
from bot.reconcile.rows.postgres_hash import NativeHash, RowHash, md5_hash
from bot.reconcile.rows.postgres_join import differ
from bot.reconcile.rows.postgres_table import TypedColumn
from bot.reconcile.rows.postgres_values import compared_values
from bot.reconcile.rows.resolve import ResolvedColumn

INTEGERS = ["0", "1", "-1", "5", "4294967296", "2147483647", "-2147483648"]
NUMBERS = ["0", "0.0", "1.10", "1.1", "1.14", "-1.1", "2.5", "3.5", "-2.5", "12345678901234567.01"]
NUMBERS += ["12345678901234567.02", "0.10000001490116119", "NaN", "1e-7", "100", "2.675", "1.005", "0.5"]
FLOATS = ["0", "-0", "0.1", "0.30000000000000004", "0.3", "1e300", "NaN", "Infinity", "-Infinity", "2.5"]
TEXTS = [
    "",
    " ",
    "a",
    "a ",
    "A",
    "é",
    "e\u0301",
    "a|b",
    "漢🙂",
    "1",
    "true",
    "NULL",
    "a\tb",
    "-",
    "1:a",
    "x" * 40,
]
TIMES = [
    "2024-02-29 12:00:00",
    "2024-02-29 12:00:00.000001",
    "2024-02-29 13:00:00",
    "9999-12-31 23:59:59.999999",
]
TIMES += [
    "9999-12-31 23:59:59.999998",
    "1900-01-01",
    "2024-02-29 13:11:34.967296",
    "0001-01-01",
    "1700-06-01",
]
DATES = ["2024-02-29", "2024-03-01", "0001-01-01", "9999-12-31", "1970-01-01"]
UUIDS = ["6f1c2a52-0000-4000-8000-0123456789ab", "6F1C2A52-0000-4000-8000-0123456789AB"]
JSONS = [
    '{"a": 1}',
    '{"a": -1}',
    '{"a": 1.0}',
    '{"b": 2, "a": 1}',
    '{"a": 1, "b": 2}',
    "[]",
    "null",
    '"a"',
    "[1]",
]
VALUES = {
    "int2": ["0", "1", "-1", "32767"],
    "int4": [one for one in INTEGERS if one != "4294967296"],
    "int8": [*INTEGERS, "9223372036854775807", "-9223372036854775808", "4294967297"],
    "numeric": [*NUMBERS, "Infinity", "-Infinity"],
    "numeric(12,2)": ["0", "1.10", "-1.10", "1.14", "NaN", "2.50", "9999999999.99"],
    "float4": [*FLOATS[:5], "NaN", "2.5"],
    "float8": FLOATS,
    "text": TEXTS,
    "varchar(40)": TEXTS,
    "char(5)": ["a", "a  ", "b", "", "é"],
    "char(3)": ["a", "b", ""],
    "boolean": ["true", "false"],
    "date": [*DATES, "infinity", "-infinity"],
    "time": ["00:00", "12:30:00.000001", "23:59:59.999999"],
    "timestamp": TIMES,
    "timestamptz": [f"{one}+00" for one in TIMES],
    "bytea": ["\\x", "\\x00", "\\x00ff"],
    "uuid": UUIDS,
    "jsonb": JSONS,
    "json": JSONS,
}
NUMERIC = ("int2", "int4", "int8", "numeric", "numeric(12,2)", "float4", "float8")
PAIRS = [(one, other) for one in NUMERIC for other in NUMERIC]
PAIRS += [
    (one, other) for one in ("text", "varchar(40)", "char(5)", "char(3)") for other in ("text", "char(5)")
]
PAIRS += [("timestamp", "timestamp"), ("timestamp", "timestamptz"), ("timestamptz", "timestamptz")]
PAIRS += [("boolean", "int4"), ("int8", "boolean"), ("uuid", "text"), ("text", "uuid")]
PAIRS += [(one, one) for one in ("boolean", "date", "time", "bytea", "uuid", "json", "jsonb")]
RULES = [Column(), Column(trim=True), Column(null_is_empty=True), Column(trim=True, null_is_empty=True)]
NUMBER_RULES = [Column(round=0), Column(round=2), Column.model_validate({"tolerance": "0.05"})]
NUMBER_RULES += [
    Column.model_validate({"tolerance": "10%"}),
    Column.model_validate({"tolerance": "1%", "round": 1}),
]
MAPS: list[tuple[str, str, dict[str, Any]]] = [
    ("text", "boolean", {"A": True, "a": False, "": False}),
    ("text", "text", {"a": "1", "A": "a", "": ""}),
    ("int4", "text", {"0": "a", "1": "1", "-1": ""}),
    ("boolean", "text", {"true": "true", "false": "a"}),
    ("boolean", "int4", {"true": 1, "false": 0}),
    ("char(5)", "int8", {"a    ": 5, "b    ": 1}),
    ("text", "numeric", {"a": 0, "A": "1.1"}),
]
CASES = [
    (legacy, new, rule)
    for legacy, new in PAIRS
    for rule in [*RULES, *(NUMBER_RULES if legacy in NUMERIC else [])]
] + [(legacy, new, Column(map=known)) for legacy, new, known in MAPS]


def _typed(name: str, declared: str) -> TypedColumn:
    base, _, size = declared.partition("(")
    modifier = -1
    if size and base == "numeric":
        modifier = (12 << 16 | 2) + 4
    elif size:
        modifier = int(size.rstrip(")")) + 4
    names = {"char": "bpchar", "boolean": "bool"}
    return TypedColumn(name=name, type=names.get(base, base), modifier=modifier)


def _resolved(legacy: str, new: str, rule: Column) -> ResolvedColumn | None:
    kinds = [
        declared_kind({"int2": "smallint", "float4": "real", "float8": "double"}.get(one, one))
        for one in (legacy, new)
    ]
    one, other = kinds
    assert one
    assert other
    kind = other if rule.map is not None else shared_kind(one, other)
    if kind is None or (
        kind not in ("integer", "decimal", "float") and (rule.tolerance or rule.round is not None)
    ):
        return None
    return ResolvedColumn(SideColumn("l", one, legacy), SideColumn("n", other, new), kind, rule)


@pytest.fixture(scope="session")
def connection(two_urls: tuple[URL, URL]) -> Any:
    plain = two_urls[0].set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for name, value in {"TimeZone": "UTC", "DateStyle": "ISO, YMD", "extra_float_digits": "1"}.items():
            connection.execute(sql.SQL("SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        yield connection


def _rows(
    connection: psycopg.Connection, column: ResolvedColumn, pairs: Sequence[tuple[str | None, str | None]]
) -> list[tuple[Any, ...]]:
    """Of each pair: both values as a driver gives them, both hashes two ways, and whether a join keeps it."""
    legacy, new = _typed("l", column.legacy.declared), _typed("n", column.new.declared)
    values = compared_values(column, legacy, new, zones=("UTC", "UTC"))
    assert values is not None
    hashes: list[RowHash] = (
        [] if values.tolerance is not None else [NativeHash(18_00_00), NativeHash(), md5_hash]
    )
    unmapped = values.unmapped or sql.SQL("false")
    selected = sql.SQL(", ").join(
        [
            sql.SQL("l::text, n::text") if _as_text(column) else sql.SQL("l, n"),
            sql.SQL("({}) OR ({})").format(differ(values, values.legacy, values.new), unmapped),
            *(sql.SQL("{} <> {}").format(one([values], "legacy"), one([values], "new")) for one in hashes),
        ]
    )
    query = sql.SQL(
        "SELECT {} FROM (SELECT a::{} AS l, b::{} AS n"
        " FROM unnest({}::text[], {}::text[]) AS pair (a, b)) AS compared"
    ).format(
        selected,
        sql.SQL(column.legacy.declared),
        sql.SQL(column.new.declared),
        sql.Literal([one for one, _ in pairs]),
        sql.Literal([other for _, other in pairs]),
    )
    return connection.execute(query).fetchall()


def _as_text(column: ResolvedColumn) -> bool:
    return column.kind in ("date", "time", "timestamp", "timestamptz", "json")


@pytest.mark.parametrize("start", range(4))
def test_what_sql_calls_equal_the_row_definition_calls_equal(
    connection: psycopg.Connection, start: int
) -> None:
    """Every pair of types and rules, every pair of telling values, NULL among them."""
    checked = over_careful = 0
    for legacy, new, rule in CASES[start::4]:
        column = _resolved(legacy, new, rule)
        if (
            column is None
            or compared_values(column, _typed("l", legacy), _typed("n", new), zones=("UTC",) * 2) is None
        ):
            continue
        pairs = [(one, other) for one in [*VALUES[legacy], None] for other in [*VALUES[new], None]]
        utc = ZoneInfo("UTC")
        cell = CellComparison(column, legacy_zone=utc, new_zone=utc)
        for pair, (one, other, *differs) in zip(pairs, _rows(connection, column, pairs), strict=True):
            equal = cell.equal(cell.legacy(one), cell.new(other))
            checked += 1
            over_careful += equal and any(differs)
            assert equal or all(differs), (legacy, new, rule, pair, differs)
            if column.kind not in ("json", "uuid") and rule.tolerance is None and rule.map is None:
                assert equal != any(differs), (legacy, new, rule, pair, differs)
    assert checked > 1000


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers()),
            st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False, places=3), st.integers()),
        ),
        min_size=1,
        max_size=50,
    ),
    st.sampled_from([*RULES[:1], *NUMBER_RULES]),
)
def test_any_two_numbers_are_as_equal_as_the_row_definition_says(
    connection: psycopg.Connection, numbers: list[tuple[Any, Any]], rule: Column
) -> None:
    column = _resolved("numeric", "numeric", rule)
    assert column is not None
    numbers = [
        *numbers,
        *((one, one) for one, _ in numbers),
        *((one, -one) for one, _ in numbers if one is not None),
    ]
    pairs = [
        tuple(None if one is None else format(one, "f" if one != int(one) else "") for one in pair)
        for pair in numbers
    ]
    utc = ZoneInfo("UTC")
    cell = CellComparison(column, legacy_zone=utc, new_zone=utc)
    for one, other, *differs in _rows(connection, column, pairs):  # type: ignore[arg-type]
        assert (cell.equal(cell.legacy(one), cell.new(other))) != any(differs), (one, other)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12), min_size=2
    )
)
def test_any_two_texts_are_as_equal_as_the_row_definition_says(
    connection: psycopg.Connection, texts: list[str]
) -> None:
    column = _resolved("text", "text", Column(trim=True))
    assert column is not None
    pairs = [(one, other) for one in texts[:8] for other in [*texts[:8], one + " "]]
    utc = ZoneInfo("UTC")
    cell = CellComparison(column, legacy_zone=utc, new_zone=utc)
    for one, other, *differs in _rows(connection, column, pairs):
        assert cell.equal(cell.legacy(one), cell.new(other)) != any(differs), (one, other)

"""What is found equal for whole batches is equal by the definition; and so it is with the order of keys."""

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from bot.domain.errors import SourceError
from bot.reconcile.rows.batch import Cells, tag
from bot.reconcile.rows.keys import encoded_key
from bot.reconcile.rows.kinds import Kind
from bot.reconcile.rows.vectors import certainly_equal
from tests.unit.reconcile.rows.columns import comparison

_decimals = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-(10**16), max_value=10**16
)
_numbers = st.sampled_from(
    ["1.10", "1.1", "12345678901234567.01", "12345678901234567.02", "0", "-0.0", "1e5", "x", ""]
)
_moments = st.datetimes(datetime(2024, 3, 30), datetime(2024, 4, 1))  # noqa: DTZ001
_days = st.dates(date(2024, 1, 1), date(2024, 1, 4))
SOURCES: list[tuple[Kind, pa.DataType, st.SearchStrategy[object]]] = [
    ("integer", pa.int64(), st.integers(-3, 3) | st.sampled_from([2**53, 2**53 + 1])),
    (
        "decimal",
        pa.float64(),
        st.sampled_from([1.1, 12345678901234568.0, 0.0, -0.0, 1.0, 2.0**53, float("nan")]),
    ),
    ("float", pa.float32(), st.sampled_from([0.5, 1.0, 0.0])),
    ("decimal", pa.string(), _numbers | _decimals.map(str)),
    ("text", pa.string(), _numbers | st.sampled_from(["t", "true", "2024-01-02", "2024-03-31 02:30:00"])),
    ("boolean", pa.bool_(), st.booleans()),
    ("boolean", pa.int64(), st.integers(0, 2)),
    ("date", pa.date32(), _days),
    ("date", pa.string(), _days.map(str) | st.sampled_from(["2024-01-02T23:30:00+00:00"])),
    ("timestamp", pa.timestamp("us"), _moments),
    ("timestamp", pa.string(), _moments.map(str) | st.sampled_from(["2024-03-31 01:30:00+00:00"])),
    ("timestamptz", pa.timestamp("us", "UTC"), _moments),
]
ZONES = [("UTC", "UTC"), ("Europe/Berlin", "UTC"), ("Europe/Berlin", "Europe/Berlin")]
RULES: list[dict[str, object]] = [
    {},
    {"cast": "text"},
    {"cast": "decimal"},
    {"cast": "date"},
    {"cast": "timestamp"},
    {"cast": "boolean"},
    {"trim": True, "null_is_empty": True},
]


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_is_certainly_equal_is_equal(data: st.DataObject) -> None:
    (mine, my_type, my_values), (theirs, their_type, their_values) = (
        data.draw(st.sampled_from(SOURCES)) for _ in range(2)
    )
    rule, zones = data.draw(st.sampled_from(RULES)), data.draw(st.sampled_from(ZONES))
    try:
        one = comparison(mine, theirs, zones=zones, **rule)
    except SourceError:
        reject()
    left = data.draw(st.lists(st.none() | my_values, min_size=4, max_size=4))
    right = data.draw(st.lists(st.none() | their_values, min_size=4, max_size=4))
    if my_type == their_type:
        right = [data.draw(st.sampled_from([a, b])) for a, b in zip(left, right, strict=True)]
    mine_cells, their_cells = Cells(pa.array(left, my_type)), Cells(pa.array(right, their_type))
    claimed = certainly_equal(one, mine_cells, their_cells).to_pylist()
    pairs = zip(mine_cells.values(), their_cells.values(), claimed, strict=True)
    wrong = [(a, b) for a, b, equal in pairs if equal and one.difference(a, b) is not None]
    assert wrong == []


@pytest.mark.parametrize(
    ("legacy", "new"),
    [
        (pa.array(["1.10", "2"]), pa.array(["1.1", "2.000"])),
        (pa.array(["1.10", "-2.5"]), pa.array([1.1, -2.5])),
        (pa.array([1, 2]), pa.array(["1", "2.0"])),
        (pa.array([1, 2]), pa.array([1.0, 2.0])),
    ],
)
def test_equal_numbers_of_different_types_are_found_without_looking_at_each(
    legacy: pa.Array, new: pa.Array
) -> None:
    assert certainly_equal(comparison("decimal"), Cells(legacy), Cells(new)).to_pylist() == [True, True]


@pytest.mark.parametrize("others", [["2024-01-02"], ["2024-01-02", "2024-01-02T00:00:00"]])
def test_equal_days_of_different_types_are_found_without_looking_at_each(others: list[str]) -> None:
    days = [date(2024, 1, 2), *(None for _ in others)]
    texts = ["2024-01-02", *others]
    legacy, new = Cells(pa.array(days, pa.date32())), Cells(pa.array(texts))
    assert certainly_equal(comparison("date"), legacy, new).to_pylist() == [True, *(False for _ in others)]


def test_a_year_that_the_definition_does_not_know_is_left_to_it() -> None:
    before_christ = Cells(pa.array([-719_163], pa.int32()).cast(pa.date32()))
    text = Cells(pa.array(["0000-12-31"]))
    one = comparison("date")
    assert one.difference(before_christ.values()[0], text.values()[0]) is not None
    assert certainly_equal(one, before_christ, text).to_pylist() == [False]


@given(
    values=st.lists(st.none() | _decimals | st.decimals(allow_nan=False), min_size=2, max_size=2)
    | st.lists(st.none() | st.text(), min_size=2, max_size=2)
    | st.lists(st.integers(-(2**70), 2**70), min_size=2, max_size=2)
    | st.lists(st.binary(), min_size=2, max_size=2)
)
def test_encoded_keys_are_equal_and_ordered_as_their_values_are(values: list[object]) -> None:
    one, other = values
    first, second = (encoded_key([value, "x"]) for value in values)
    assert (first == second) is (one == other)
    if one is not None and other is not None:
        assert (first < second) is (one < other)  # type: ignore[operator]


@given(
    value=st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.text()
    | st.binary()
    | st.dictionaries(st.text(), st.decimals(allow_nan=False, allow_infinity=False) | st.text())
)
def test_a_tagged_value_is_read_back_as_it_was(value: object) -> None:
    found = Cells(pa.array([tag(value)], pa.string()), tagged=True).values()[0]
    assert found == value
    assert type(found) is type(value)


def test_a_time_of_day_of_24_hours_is_not_midnight() -> None:
    times = pa.array([86_400_000_000, 0], pa.int64()).view(pa.time64("us"))
    one = comparison("time")
    evening, midnight = Cells(times).values()
    assert one.difference(evening, midnight) is not None
    assert one.difference(evening, timedelta(hours=24)) is None

"""Comparison against a slow and obvious way, in fractions."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comparison import Periods, compare_grouped, compare_growth, compare_scalar
from bot.domain.group import Group
from bot.domain.quantities import Limit, rounded
from tests.unit.domain.test_comparison import SIDES, check

numbers = st.decimals(min_value=-(10**20), max_value=10**20, allow_nan=False, allow_infinity=False, places=4)
near = st.builds(Decimal, st.integers(-50, 50))
values = numbers | near
limits = st.sampled_from(["0", "0.1", "1", "2", "10", "100", "250.5"])
units = st.sampled_from(["%", ""])
groups = st.dictionaries(
    st.tuples(st.none() | st.sampled_from("ABC")) | st.tuples(st.sampled_from("AB"), st.none()),
    near,
    max_size=4,
)


def obviously_within(legacy: Decimal, new: Decimal, limit: str, unit: str) -> bool:
    one, other, bound = Fraction(legacy), Fraction(new), Fraction(limit)
    if unit == "":
        return abs(other - one) <= bound
    if one == 0:
        return other == 0
    return abs(other - one) / abs(one) * 100 <= bound


@given(values, values, limits, units)
def test_two_numbers_pass_exactly_when_the_fraction_is_within(
    legacy: Decimal, new: Decimal, limit: str, unit: str
) -> None:
    result = compare_scalar(check(limit + unit), legacy, new)
    assert (result.status == "passed") == obviously_within(legacy, new, limit, unit)


@given(values, values)
def test_the_variance_is_the_fraction_to_28_digits(legacy: Decimal, new: Decimal) -> None:
    result = compare_scalar(check("1%"), legacy, new)
    if legacy == 0:
        assert result.variance == (None if new else 0)
        return
    exact = (Fraction(new) - Fraction(legacy)) / abs(Fraction(legacy)) * 100
    assert result.variance is not None
    assert abs(Fraction(result.variance) - exact) <= abs(exact) / 10**27


@given(groups, groups, limits, units)
def test_groups_pass_exactly_when_all_of_them_do(
    legacy: dict[Group, Decimal], new: dict[Group, Decimal], limit: str, unit: str
) -> None:
    result = compare_grouped(check(limit + unit, grouped=SIDES), legacy, new)
    if not legacy and not new:
        assert result.status == "error"
        return
    within = all(
        group in legacy and group in new and obviously_within(legacy[group], new[group], limit, unit)
        for group in legacy.keys() | new.keys()
    )
    assert (result.status == "passed") == within
    differing = sum(legacy.get(group) != new.get(group) for group in legacy.keys() | new.keys())
    assert len(result.groups) == differing
    measured = [abs(one.variance) for one in result.groups if one.variance is not None]
    if result.variance is not None:
        assert abs(result.variance) == max(measured, default=0)
    else:
        assert len(measured) < len(result.groups)


@given(values, values, values, values, limits)
def test_growth_passes_exactly_when_the_rates_are_within(
    previous: Decimal, current: Decimal, new_previous: Decimal, new_current: Decimal, limit: str
) -> None:
    both = check(f"{limit}pp", growth={"current": SIDES, "previous": SIDES})
    result = compare_growth(both, Periods(previous, current), Periods(new_previous, new_current))
    if previous == 0 or new_previous == 0:
        assert result.status == "error"
        return
    rates = [
        (Fraction(after) - Fraction(before)) / abs(Fraction(before)) * 100
        for before, after in ((previous, current), (new_previous, new_current))
    ]
    assert (result.status == "passed") == (abs(rates[1] - rates[0]) <= Fraction(limit))


@given(values, limits)
def test_rounding_keeps_a_number_on_its_side_of_the_limit(number: Decimal, limit: str) -> None:
    bound = Limit.model_validate(limit).value
    shown = rounded(number, limit=bound)
    assert (abs(shown) > bound) == (abs(number) > bound)
    assert bool(shown) == bool(number)
    assert abs(Fraction(shown) - Fraction(number)) <= Fraction(1, 200)

"""A measured value as people read it."""

from decimal import Decimal

import pytest

from bot.domain.measurement import Measurement
from tests.unit.domain.ledger import NOW


def measurement(value: Decimal | bool | None, unit: str = "", **more: str | bool) -> Measurement:
    known = {"detail": "", "problem": "", "at_least": False, **more}
    return Measurement(
        "s", "S", NOW, value, unit, str(known["detail"]), str(known["problem"]), bool(known["at_least"])
    )


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (measurement(Decimal("7.20"), "%"), "7.2%"),
        (measurement(Decimal("7.2"), "%", at_least=True), "at least 7.2%"),
        (measurement(Decimal("1234567.8"), "ms"), "1,234,567.8 ms"),
        (measurement(Decimal("0.0004"), "%"), "0.0004%"),
        (measurement(Decimal(2), "of 3 checks"), "2 of 3 checks"),
        (measurement(Decimal(0)), "0"),
        (measurement(True), "yes"),
        (measurement(False), "no"),
        (measurement(False, detail="answers 503"), "answers 503"),
        (measurement(None), "unknown"),
        (measurement(None, problem="no answer"), "unknown (no answer)"),
    ],
)
def test_a_measurement_is_told_with_its_unit_or_why_it_is_unknown(told: Measurement, text: str) -> None:
    assert told.text() == text
    assert told.known == (told.value is not None)

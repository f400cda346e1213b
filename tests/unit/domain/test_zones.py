"""Time zones as a playbook writes them."""

import pytest
from pydantic import ValidationError

from bot.domain.playbook.places import RowSide
from bot.domain.playbook.schedule import Schedule


@pytest.mark.parametrize("zone", ["Mars/Phobos", "Europe"])
def test_a_zone_that_does_not_exist_is_refused_by_its_name(zone: str) -> None:
    with pytest.raises(ValidationError, match=f"there is no time zone “{zone}”"):
        RowSide(table="t", zone=zone)
    with pytest.raises(ValidationError, match=f"there is no time zone “{zone}”"):
        Schedule(at="06:30", zone=zone)


def test_the_zone_that_was_meant_is_named() -> None:
    with pytest.raises(ValidationError, match=r"did you mean Europe/Berlin\?"):
        RowSide(table="t", zone="Europe/Berln")


def test_zones_in_use_are_taken() -> None:
    assert RowSide(table="t", zone="America/Argentina/Buenos_Aires").zone == "America/Argentina/Buenos_Aires"
    assert RowSide(table="t").zone == "UTC"

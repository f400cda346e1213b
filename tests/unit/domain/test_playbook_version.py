"""Replicas that disagree about a file are told from a file that was changed."""

from datetime import timedelta

from bot.domain.playbook_version import ALTERNATES_WITHIN, PlaybookVersion, alternates
from tests.unit.domain.ledger import NOW


def version(number: int, digest: str, replica: str, *, after: timedelta = timedelta()) -> PlaybookVersion:
    return PlaybookVersion(
        migration="ledger",
        number=number,
        digest=digest * 64,
        loaded_at=NOW + after,
        replica=replica,
        outline={},
    )


def test_a_replica_that_comes_back_with_its_own_file_disagrees_with_the_other_one() -> None:
    one, two = version(1, "a", "left"), version(2, "b", "right")
    assert alternates([two, one], version(3, "a", "left")) == two


def test_a_file_that_is_new_to_all_of_them_is_a_change() -> None:
    one, two = version(1, "a", "left"), version(2, "b", "right")
    assert alternates([two, one], version(3, "c", "left")) is None
    assert alternates([], version(1, "a", "left")) is None


def test_a_file_that_was_put_back_by_the_replica_that_changed_it_is_a_change() -> None:
    one, two = version(1, "a", "left"), version(2, "b", "left")
    assert alternates([two, one], version(3, "a", "left")) is None


def test_a_file_that_was_put_back_much_later_is_a_change() -> None:
    one, two = version(1, "a", "left"), version(2, "b", "right")
    later = ALTERNATES_WITHIN + timedelta(seconds=1)
    assert alternates([two, one], version(3, "a", "left", after=later)) is None

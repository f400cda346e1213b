"""What stands behind `/reconcile`."""

import pytest

from bot.domain.errors import RefusedError, UnknownNameError
from handlers.reconcile_words import Wanted, parse


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("planwise", Wanted("planwise")),
        ("planwise employees", Wanted("planwise", ("employees",))),
        ("planwise employees levels employees", Wanted("planwise", ("employees", "levels"))),
        ("planwise employees --rows", Wanted("planwise", ("employees",), rows=True)),
        ("--rows planwise", Wanted("planwise", rows=True)),
        ("planwise employees —rows", Wanted("planwise", ("employees",), rows=True)),
        ("planwise employees –rows", Wanted("planwise", ("employees",), rows=True)),
        ("planwise summary", Wanted("planwise", summary=True)),
        ("planwise summary employees", Wanted("planwise", ("summary", "employees"))),
    ],
)
def test_words_are_a_migration_checks_and_options_in_any_order(text: str, wanted: Wanted) -> None:
    assert parse(text.split()) == wanted


def test_another_option_names_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match=r"no option “--row”\. Did you mean --rows\?"):
        parse(["planwise", "--row"])


def test_options_alone_ask_for_the_migration() -> None:
    with pytest.raises(RefusedError, match="Which migration is meant"):
        parse(["--rows"])

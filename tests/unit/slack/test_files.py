"""Names of files that can be found again, and what makes files of which facts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages.facts import Plain
from bot.ports.files import File
from bot.slack.files import Files, has_mark, marked_name

names = st.text(max_size=300) | st.sampled_from(
    ["rows.csv", "rows.tar.gz", ".csv", "a/b.csv", "rows-417.csv"]
)


@given(names, st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_name_is_known_by_its_number_and_by_no_other(name: str, number: int, other: int) -> None:
    marked = marked_name(name, number)
    assert has_mark(marked, number)
    assert number == other or not has_mark(marked, other)


@given(names)
def test_a_name_is_one_that_a_file_system_takes_and_keeps_its_ending(name: str) -> None:
    marked = marked_name(name, 10**9)
    assert 0 < len(marked.encode(errors="replace")) <= 255
    assert "/" not in marked


def test_a_number_stands_before_the_ending() -> None:
    assert marked_name("planwise-employees.csv", 417) == "planwise-employees-417.csv"


async def test_a_file_is_made_of_the_facts_of_its_kind() -> None:
    async def make(facts: Plain) -> File:
        return File(name="a.txt", title="A", data=facts.text.encode())

    files = Files()
    files.bind(Plain, make)
    assert await files.made("plain", {"text": "x"}) == File(name="a.txt", title="A", data=b"x")
    with pytest.raises(KeyError):
        await files.made("export", {})
    with pytest.raises(ValueError, match="two makers for plain"):
        files.bind(Plain, make)

"""Secrets in outputs, whatever the output."""

from hypothesis import given
from hypothesis import strategies as st

from actions.excerpt import Excerpt, printable
from actions.redaction import Secrets
from bot.domain.playbook.part import FromEnvironment

VALUE = st.text(alphabet="sęcret9", min_size=4, max_size=30)
NOISE = st.text(alphabet=". \n\0\x1b[m", max_size=60)


@given(value=VALUE, pieces=st.lists(NOISE, max_size=6), keep=st.integers(1, 40), chunk=st.integers(1, 50))
def test_no_letter_of_a_secret_is_left_wherever_an_output_is_cut(
    value: str, pieces: list[str], keep: int, chunk: int
) -> None:
    secrets = Secrets(lambda name: value)
    secrets.value(FromEnvironment(env="X"))
    data = value.join(pieces).encode()
    excerpt = Excerpt(keep=keep)
    for start in range(0, len(data), chunk):
        excerpt.add(data[start : start + chunk])
    said = "".join(line for line in excerpt.text(secrets).splitlines() if "bytes left out" not in line)
    assert excerpt.total == len(data)
    assert not set(said) & set("sęcret9")


@given(data=st.binary(max_size=200), keep=st.integers(1, 100))
def test_an_output_that_is_short_is_kept_whole_and_a_long_one_bounded(data: bytes, keep: int) -> None:
    excerpt = Excerpt(keep=keep)
    excerpt.add(data)
    said = excerpt.text(Secrets(str))
    if len(data) <= 2 * keep:
        assert said == printable(data.decode(errors="replace"))
    else:
        assert f"{len(data) - 2 * keep} bytes left out" in said
    assert not set(said) & {"\0", "\x1b", "\r"}


def test_the_longest_secret_is_taken_out_first_and_each_by_its_name() -> None:
    values = {"SHORT": "abcd", "LONG": "abcdefgh"}
    secrets = Secrets(values.__getitem__)
    for name in values:
        secrets.value(FromEnvironment(env=name))
    assert secrets.redact("x abcdefgh y abcd z") == "x $LONG y $SHORT z"


def test_a_secret_is_found_quoted_and_line_by_line() -> None:
    secrets = Secrets(lambda name: "first line/of it\nsecond line&of it")
    secrets.value(FromEnvironment(env="KEY"))
    said = secrets.redact(
        '"first line/of it\\nsecond line&of it" | second line&of it | first%20line%2Fof%20it'
    )
    assert "line&of" not in said
    assert "line/of" not in said

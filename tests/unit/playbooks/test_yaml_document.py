"""What of YAML a playbook may use, and what it means."""

from decimal import Decimal

import pytest

from bot.playbooks.positions import Path, Position
from bot.playbooks.yaml_document import YamlDocument, read_yaml


def read(content: str | bytes, *, json_at: Path | None = None) -> YamlDocument:
    """The document of a text; the path given holds JSON."""
    content = content.encode() if isinstance(content, str) else content
    return read_yaml(content, file="a.yml", is_json=lambda path: path == json_at)


def found(document: YamlDocument) -> list[tuple[int, int, str]]:
    """What is wrong with a document."""
    return [(finding.line, finding.column, finding.message) for finding in document.findings]


@pytest.mark.parametrize("word", ["yes", "no", "on", "Off", "y", "2026-11-21", "1_000", "12:30", "0b11", "="])
def test_words_that_other_versions_of_yaml_convert_are_text(word: str) -> None:
    assert read(f"{word}: {word}").data == {word: word}
    assert read(f"%YAML 1.1\n---\n{word}: {word}").data == {word: word}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-3", -3),
        ("'3'", "3"),
        ("!!str 3", "3"),
        ("1.50", Decimal("1.50")),
        ("1e-3", Decimal("0.001")),
    ],
)
def test_words_are_of_the_core_schema(written: str, value: object) -> None:
    data = read(f"a: {written}").data
    assert data == {"a": value}
    assert data is not None
    assert type(data["a"]) is type(value)


def test_fractions_keep_every_digit() -> None:
    digits = "0.1000000000000000055511151231257827"
    assert read(f"a: {digits}").data == {"a": Decimal(digits)}


def test_fractions_are_floats_of_the_same_digits_where_json_is_held() -> None:
    data = read("a: 0.1\nb: 0.1", json_at=("a",)).data
    assert data == {"a": 0.1, "b": Decimal("0.1")}
    assert isinstance(data["a"], float)


def test_a_fraction_that_json_would_shorten_is_refused() -> None:
    document = read("a: 0.12345678901234567890", json_at=("a",))
    message = "0.12345678901234567890 has more digits than a JSON number keeps; write it in quotes"
    assert found(document) == [(1, 4, message)]


def test_every_key_and_value_has_its_position() -> None:
    positions = read("\ufeffa:\n  - b: 'ä'\n    c: [x, {d: y}]\n").positions
    assert positions.keys == {
        ("a",): Position(1, 1),
        ("a", 0, "b"): Position(2, 5),
        ("a", 0, "c"): Position(3, 5),
        ("a", 0, "c", 1, "d"): Position(3, 13),
    }
    assert positions.values[("a", 0)] == Position(2, 5)
    assert positions.values[("a", 0, "c", 1, "d")] == Position(3, 16)
    assert positions.of_value(("a", 0, "c", 7)) == Position(3, 5)


def test_anchors_stand_for_what_they_name_and_merge_into_mappings() -> None:
    document = read("a: &x {b: 1, c: 2}\nd: *x\ne: {<<: *x, c: 3}\nf: {<<: [{b: 4}, *x]}\n")
    assert document.data == {
        "a": {"b": 1, "c": 2},
        "d": {"b": 1, "c": 2},
        "e": {"c": 3, "b": 1},
        "f": {"b": 4, "c": 2},
    }
    assert document.positions.keys[("d", "b")] == document.positions.keys[("a", "b")]


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        ("a: 1\nb: 2\na: 3", 3, 1, "the key “a” is here twice; first in line 1"),
        ("a: {b: 1, b: 2}", 1, 11, "the key “b” is here twice; first in line 1"),
        ("1: a", 1, 1, 'a key is text; write it in quotes: "1"'),
        ("? [a]\n: b", 1, 3, "a key is text"),
        ("a: .inf", 1, 4, "“.inf” is not a finite number"),
        ("a: 1e999", 1, 4, "“1e999” is out of range"),
        (f"a: {'9' * 5000}", 1, 4, "a number of 5000 digits is out of range"),
        ('a: "\\ud800"', 1, 4, "half of a surrogate pair is not a character"),
        ("a: &x [*x]", 1, 4, "this anchor contains itself"),
        ("a: &x {<<: *x}", 1, 8, "“<<” merges a mapping, or a list of mappings, into this one"),
        ("a: {<<: b}", 1, 5, "“<<” merges a mapping, or a list of mappings, into this one"),
    ],
)
def test_what_cannot_be_taken_is_found_and_the_rest_is_read(
    content: str, line: int, column: int, message: str
) -> None:
    document = read(f"{content}\nz: 1")
    assert found(document) == [(line, column, message)]
    assert document.data is not None
    assert document.data["z"] == 1


@pytest.mark.parametrize(
    "tag", ["!!python/object:os.system", "!!python/name:eval", "!!binary", "!mine", "!!set"]
)
@pytest.mark.parametrize("value", ["x", "[x]", "{x: y}"])
def test_no_tag_constructs_anything(tag: str, value: str) -> None:
    document = read(f"a: {tag} {value}")
    message = f"the tag “{tag}” is not taken here: a playbook has plain values only"
    assert found(document) == [(1, 4, message)]
    assert document.data == {"a": None}


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        ("", 1, 1, "a playbook is a mapping of keys, such as migration: ledger"),
        ("# nothing", 1, 1, "a playbook is a mapping of keys, such as migration: ledger"),
        ("\n- a", 2, 1, "a playbook is a mapping of keys, such as migration: ledger"),
        ("a: 1\n---\nb: 2", 2, 1, "not YAML: but found another document (expected a single document"),
        ("a: b: c", 1, 5, "not YAML: mapping values are not allowed here"),
        ("a:\n\tb: 1", 2, 1, "not YAML: a tab cannot indent; use spaces"),
        ("a: [1", 1, 6, "not YAML: expected ',' or ']'"),
        ('a: 1\nb: "x\\U00110000"', 2, 6, "not YAML: this escape is beyond the last character of Unicode"),
        ("a: *b", 1, 4, "not YAML: found undefined alias 'b'"),
        ("a: 1\nb: \x01", 2, 4, "the character U+0001 is not allowed in YAML"),
        (b"a: 1\nb: \xff", 2, 4, "this byte is not UTF-8; save the file as UTF-8"),
        ("a: " + "[" * 60, 1, 53, "more than 50 levels deep"),
    ],
)
def test_what_is_not_a_yaml_mapping_is_found_at_its_place(
    content: str | bytes, line: int, column: int, message: str
) -> None:
    document = read(content)
    assert document.data is None
    [(at_line, at_column, said)] = found(document)
    assert said.startswith(message)
    assert (at_line, at_column) == (line, column)


def test_anchors_that_multiply_are_stopped() -> None:
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 12)]
    document = read("a0: &a0 [x, x, x]\n" + "\n".join(levels))
    assert [message for _, _, message in found(document)] == [
        "more than 100,000 values, with anchors written out"
    ]


def test_anchors_that_nest_are_stopped() -> None:
    levels = [f"a{level}: &a{level} [*a{level - 1}]" for level in range(1, 80)]
    document = read("a0: &a0 x\n" + "\n".join(levels))
    assert {message for _, _, message in found(document)} == {"more than 50 levels deep"}

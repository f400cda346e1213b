"""Block Kit pieces: escaped, cut where it hurts least, folded rather than lost."""

import html
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.block_kit.surfaces import message_problems
from bot.sandbox.json_values import as_list, as_object
from bot.slack.blocks import SECTION_TEXT, clip, code, escape, moment, sections, table
from tests.unit.slack.judges import as_json

texts = st.text(st.sampled_from("&<>a;x "), max_size=40) | st.text(max_size=40)


def shown(lines: list[str], *more: list[str], most: int) -> list[str]:
    return [str(as_json(as_json(block)["text"])["text"]) for block in sections(lines, *more, most=most)]


@given(texts)
def test_an_escaped_text_means_itself(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@given(texts, st.integers(6, 60))
def test_an_escaped_text_is_cut_between_characters(text: str, most: int) -> None:
    cut = escape(text, most=most)
    assert len(cut) <= most
    assert cut == escape(text) or escape(text).startswith(cut[:-1])
    assert not re.search(r"&(?!(amp|lt|gt);)", cut)
    assert html.unescape(cut).rstrip("…") == text[: len(html.unescape(cut))].rstrip("…") or cut.endswith("…")


@given(st.text(max_size=30), st.integers(1, 40))
def test_a_cut_text_has_an_ellipsis(text: str, limit: int) -> None:
    cut = clip(text, limit)
    assert cut == text if len(text) <= limit else cut == text[: limit - 1] + "…"


@given(st.lists(st.text(st.sampled_from("ab"), min_size=1, max_size=90), max_size=80))
def test_lines_that_fit_are_all_shown_in_order_and_none_is_cut(lines: list[str]) -> None:
    paragraphs = shown(lines, most=10_000)
    assert "\n".join(paragraphs) == "\n".join(lines)
    assert all(len(paragraph) <= SECTION_TEXT for paragraph in paragraphs)


@given(st.integers(1, 60), st.integers(0, 60))
def test_lines_that_do_not_fit_are_counted(count: int, fitting: int) -> None:
    lines = [f"{number:09}" for number in range(count)]
    told = "\n".join(shown(lines, most=9 * fitting)).splitlines()
    folded = [f"… and {count - fitting} more"] if fitting < count else []
    assert told == lines[:fitting] + folded


def test_the_first_form_that_fits_is_taken() -> None:
    long, short = ["a" * 90, "b" * 90], ["a" * 9, "b" * 9]
    assert shown(long, short, most=180) == ["\n".join(long)]
    assert shown(long, short, most=179) == ["\n".join(short)]
    assert shown(long, short, most=9) == [short[0], "… and 1 more"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("systemctl stop x", "`systemctl stop x`"),
        ("echo `id`\n  && <x>", "`echo ˋidˋ &amp;&amp; &lt;x&gt;`"),
        ("", "` `"),
    ],
)
def test_code_is_one_line_that_cannot_be_left(text: str, written: str) -> None:
    assert code(text) == written


def test_a_time_is_shown_in_the_readers_zone_and_in_utc_where_that_fails() -> None:
    at = datetime(2026, 3, 14, 5, 12, tzinfo=timezone(timedelta(hours=2)))
    assert (
        moment(at)
        == f"<!date^{int(datetime(2026, 3, 14, 3, 12, tzinfo=UTC).timestamp())}^{{time}}|03:12 UTC>"
    )


@given(st.lists(st.lists(st.text(max_size=250), min_size=6, max_size=6), min_size=1, max_size=100))
def test_a_table_has_all_its_rows_and_no_more_text_than_slack_takes(rows: list[list[str]]) -> None:
    made = as_json(table(rows))
    assert message_problems(blocks=[made], attachments=None) == []
    assert len(as_list(made["rows"])) == len(rows)


def test_of_a_table_with_too_much_text_the_longest_cells_are_cut() -> None:
    made = as_json(table([["short", "x" * 200]] * 100))
    assert message_problems(blocks=[made], attachments=None) == []
    assert {
        tuple(len(str(as_object(cell)["text"])) for cell in as_list(row)) for row in as_list(made["rows"])
    } == {(5, 50)}

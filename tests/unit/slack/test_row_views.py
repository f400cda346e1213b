"""What a data lead reads of rows: while they are compared, when they differ, and one by one."""

from bot.domain.messages.reconciliation import ReconciliationFacts
from bot.domain.row_difference import RowsFound
from bot.sandbox.json_values import JsonObject, as_list, as_object, as_text
from bot.slack.blocks import Message
from tests.unit.slack.judges import blocks_of, mrkdwn_of
from tests.unit.slack.row_samples import differing_rows, under_way, with_rows
from tests.unit.slack.samples import rendered

TEXT = "People"


def lines(message: Message) -> list[str]:
    return "\n".join(mrkdwn_of(list(blocks_of(message)))).splitlines()


def table(message: Message) -> JsonObject:
    return next(block for block in blocks_of(message) if block["type"] == "data_table")


def cells(message: Message) -> list[list[str]]:
    rows = [as_list(row) for row in as_list(table(message)["rows"])]
    return [[as_text(as_object(cell)["text"]) for cell in row] for row in rows]


def head(facts: ReconciliationFacts) -> str:
    return lines(rendered(facts))[0].strip("*")


def test_while_rows_are_compared_the_first_line_says_how_far_it_is_and_how_long_it_takes() -> None:
    facts = under_way(TEXT).model_copy(update={"migration": "planwise", "done": 3, "total": 6})
    assert head(facts) == (
        "⏳ planwise: reconciling, 3 of 6 checks done · People: 412,000 of about 1,000,000 rows "
        "(chunk 7 of 16), about 20 s left"
    )


def test_who_called_it_off_is_named_and_that_nothing_is_kept() -> None:
    facts = with_rows(TEXT, reconciled=None, ended="cancelled", ended_by="Ana", migration="planwise")
    assert head(facts) == "❔ planwise: reconciliation called off by Ana"
    assert "Nothing that it found is kept" in lines(rendered(facts))[1]


def test_a_part_says_what_it_is_of_and_is_asked_for_again_as_the_same_part() -> None:
    facts = with_rows(TEXT, migration="planwise", scope=("people", "rules"), show_rows=True)
    assert head(facts).startswith("❌ planwise, only people, rules: 3 of 3 checks outside tolerance")
    assert facts.words == "planwise people rules --rows"
    many = facts.model_copy(update={"scope": ("a", "b", "c", "d")})
    assert many.name == "planwise, only 4 checks"


def test_what_differs_is_counted_by_kind_and_by_column_and_what_says_nothing_says_why() -> None:
    told = lines(rendered(with_rows(TEXT, checks=1, unknown=1)))
    assert any(
        line.startswith(
            "❌ *People*: 1,249 rows differ, limit 0%: 12 missing in new, 2 missing in legacy, "
            "1,234 differing, 1 duplicated; by column: People0 1,234, People1 1,234"
        )
        for line in told
    )
    assert "❔ *People*: not comparable yet: People · owner @People" in told


def test_each_differing_column_is_a_line_and_hidden_values_are_called_hidden() -> None:
    facts = differing_rows("x", key=("id", "place"))
    assert cells(rendered(facts)) == [
        ["id", "place", "Column", "Legacy", "New", "Difference"],
        ["x", "NULL", "x", "x (x)", "x", "differing"],
        ["x", "NULL", "salary", "hidden", "hidden", "differing"],
        ["x", "2", "whole row", ", ".join(["x x"] * 16), "missing", "missing in new"],
        ["x", "3", "whole row", "missing", "hidden", "missing in legacy"],
        ["x", "4", "whole row", "2 rows", "1 row", "duplicated"],
    ]


def test_keys_that_are_whole_numbers_are_sorted_as_numbers_and_others_as_texts() -> None:
    numbers = [row.model_copy(update={"key": (key,)}) for row, key in zip(_rows(), ("9", "10"), strict=True)]
    codes = [row.model_copy(update={"key": (key,)}) for row, key in zip(_rows(), ("09", "10"), strict=True)]
    kinds = []
    for rows in (numbers, codes):
        shown = table(rendered(differing_rows("x", key=("id",), rows=tuple(rows))))
        cell = as_object(as_list(as_list(shown["rows"])[1])[0])
        kinds.append((cell["type"], cell.get("value")))
    assert kinds == [("raw_number", 9), ("raw_text", None)]


def test_the_first_line_of_the_rows_is_how_many_differ_and_the_last_who_may_have_all() -> None:
    message = rendered(differing_rows("People", migration="planwise", owner="@planwise-data"))
    told = lines(message)
    assert told[0] == "*❌ planwise: 1,249 rows differ in “People” (limit 0%)*"
    assert "the file is for @planwise-data" in told[-1]
    single = RowsFound(legacy=1, new=1, differing=1)
    one = differing_rows("x", found=single, status="passed", migration="planwise")
    assert lines(rendered(one))[0] == "*✅ planwise: 1 row differs in “x” (limit 0%)*"


def test_what_the_table_has_no_room_for_is_said() -> None:
    told = lines(rendered(differing_rows("word " * 30, count=100)))
    assert any("The table has room for" in line for line in told)


def _rows() -> tuple[object, ...]:
    return differing_rows("x").rows[:2]

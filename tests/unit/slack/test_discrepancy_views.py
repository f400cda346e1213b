"""How discrepancies are read: their state, who said what, since when; and what is chosen in a modal."""

import json

import pytest

from bot.domain.explanation import Owner
from bot.domain.messages.discrepancies import check_registers
from bot.sandbox.json_values import JsonObject, as_list, as_object, as_text
from bot.slack import action_ids as ids
from bot.slack.blocks import Block
from bot.slack.views.discrepancies import PAGE, discrepancy_buttons, discrepancy_lines, discrepancy_list
from bot.slack.views.discrepancy_modals import saying
from handlers.bound import BoundDiscrepancy
from tests.unit.domain.ledger import NOW
from tests.unit.handlers.listeners import heard, registered
from tests.unit.slack.discrepancy_samples import TODAY, discrepancy, list_page, offered, several
from tests.unit.slack.judges import as_json, blocks_of, buttons_of, message_refusals, mrkdwn_of, specials_of
from tests.unit.slack.samples import TEXTS

DAY = f"<!date^{int(NOW.timestamp())}^{{date_short_pretty}}|03:12 UTC>"


def lines() -> list[str]:
    (register,) = check_registers([one for one in several("x", 4) if one.check == "c0"], TODAY)
    return discrepancy_lines(register)


def alone(number: int, **changes: object) -> str:
    """The line of a check that has one."""
    one = discrepancy("Ana", number, **changes)
    (register,) = check_registers([one], TODAY)
    (line,) = discrepancy_lines(register)
    return line


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, f"↳ open since {DAY}, not explained"),
        (1, f"↳ came back {DAY}"),
        (2, f"↳ explained by Ana {DAY}: data mapping: AnaAnaAnaAna (it was AnaAna then)"),
        (3, f"↳ accepted until 2026-12-24 by Ana {DAY}: data mapping: AnaAnaAnaAna (it was AnaAna then)"),
    ],
)
def test_a_line_says_the_state_who_said_what_and_since_when(number: int, expected: str) -> None:
    assert alone(number, earlier=None, owner=None) == expected


def test_what_is_open_again_shows_its_earlier_explanation_and_why_it_is_over() -> None:
    line = alone(1, owner=None)
    assert f"· earlier explained by Ana {DAY}: data mapping: AnaAnaAnaAna" in line
    assert line.endswith(", it was fixed since")


def test_an_owner_is_named_and_mentioned_only_where_the_name_is_not_known() -> None:
    assert alone(2).endswith(" · owner Ana")
    assert alone(2, owner=Owner(id="U0KIM", name="U0KIM")).endswith(" · owner <@U0KIM>")


def test_several_of_a_check_are_counted_and_the_first_ones_named() -> None:
    told = lines()
    assert told[0] == "↳ 1 new, 1 came back, 1 explained, 1 accepted"
    assert [line.partition(":")[0] for line in told[1:4]] == ["↳ x0", "↳ x1", "↳ x2"]
    assert told[4:] == ["↳ … and 1 more"]


def test_without_a_discrepancy_there_is_no_button_and_a_list_says_so() -> None:
    assert discrepancy_buttons("ledger", ()) == []
    assert discrepancy_list("ledger", (), {}).text == "✅ ledger: no discrepancy is known"


def test_a_list_has_pages_with_buttons_for_each_that_carry_its_version() -> None:
    first, last = list_page("x", page=1), list_page("x", page=99)
    assert first.text.startswith("❌ aaa")
    assert first.text.endswith(": 20 discrepancies, 10 of them without an explanation")
    values = [
        as_text(one["value"])
        for one in buttons_of(blocks_of(first))
        if as_text(one["action_id"]).endswith("explain")
    ]
    assert values == [f"{one.id}:{one.version}" for one in several("x", PAGE)]
    turns = {as_text(one["action_id"]): as_text(one["value"]) for one in buttons_of(blocks_of(first))}
    assert turns[f"{ids.DISCREPANCY_LIST}:on"] == f"{'a' * 60}:2"
    assert "Page 4 of 4" in str(last.blocks[-1])
    assert f"{ids.DISCREPANCY_LIST}:on" not in str(last.blocks)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("count", [1, 20, 5000])
def test_a_page_is_taken_by_both_judges_calls_nobody_and_every_button_is_heard(
    text: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = list_page(TEXTS[text], count)
    assert message_refusals(message) == []
    assert specials_of([as_json(block) for block in message.blocks]) == []
    listeners = registered(monkeypatch).buttons
    for button in buttons_of(blocks_of(message)):
        assert heard(listeners, as_text(button["action_id"])) == 1


def element(view: Block, block_id: str) -> JsonObject:
    blocks = [as_object(block) for block in as_list(as_json(view)["blocks"])]
    return as_object(next(block for block in blocks if block.get("block_id") == block_id)["element"])


def options(view: Block, block_id: str) -> list[str]:
    return [as_text(as_object(one)["value"]) for one in as_list(element(view, block_id)["options"])]


def test_of_several_one_or_all_open_ones_of_a_check_are_chosen() -> None:
    view = saying("explain", offered("x", 6))
    chosen = options(view, "which")
    assert chosen[:2] == ["all:c0", "all:c1"]
    assert chosen[2:] == [f"{one.id}:{one.version}" for one in several("x", 6)]
    assert as_object(element(view, "which")["initial_option"])["value"] == chosen[2]
    bound = BoundDiscrepancy.model_validate_json(str(view["private_metadata"]))
    assert (bound.migration, bound.one, bound.shown_at) == ("a" * 60, "", NOW)


def test_a_comment_is_of_one() -> None:
    assert "all:c0" not in options(saying("comment", offered("x", 6)), "which")


def test_beyond_a_hundred_the_checks_as_wholes_are_still_there_and_the_list_is_named() -> None:
    view = saying("explain", offered("x", 130))
    chosen = options(view, "which")
    assert len(chosen) == 100
    assert [one for one in chosen if one.startswith("all:")] == [f"all:c{n}" for n in range(33)]
    assert "63 more do not fit here: `/switchback discrepancies aaa" in "\n".join(mrkdwn_of(as_json(view)))


def test_one_alone_is_shown_with_its_history_and_bound_to_its_version() -> None:
    view = saying("accept", offered("x"))
    told = "\n".join(mrkdwn_of(as_json(view)))
    assert told.startswith("*x: x0*\nxxx · seen on 1 day, first ")
    assert "… and 4 earlier\nx: xxxx" in told
    assert json.loads(str(view["private_metadata"]))["one"] == f"{several('x', 1)[0].id}:1"
    assert element(view, "until")["initial_date"] == "2026-03-28"


@pytest.mark.parametrize(
    ("clean", "says"),
    [
        (False, "It stays visible, and does not count as clean."),
        (True, "all explained or accepted counts as clean."),
    ],
)
def test_a_modal_says_what_follows_for_clean_days(clean: bool, says: str) -> None:
    told = "\n".join(mrkdwn_of(as_json(saying("explain", offered("x", clean=clean)))))
    assert says in told

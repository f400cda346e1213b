"""What people see before they sign or vote, and what the message says afterwards."""

import json

from bot.slack.blocks import Message
from bot.slack.rendering import render
from bot.slack.views import statements as views
from tests.unit.slack.judges import blocks_of, buttons_of, message_refusals
from tests.unit.slack.statement_samples import ABOUT, BOUND, asked, board, facts

TEXT = "The data is right"


def _shown(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def _labels(message: Message) -> list[str]:
    return [str(button["text"]["text"]) for button in buttons_of(blocks_of(message))]  # type: ignore[index,call-overload]


def _rendered(**changes: object) -> Message:
    made = facts(TEXT, **changes)  # type: ignore[arg-type]
    return render(made.kind, [made.model_dump(mode="json")])


def test_those_who_are_missing_are_mentioned_and_nobody_else() -> None:
    message = _rendered(missing=2)
    assert "Still to sign: <@U000000000> <@U000000001>" in _shown(message)
    assert "<@" not in message.text
    assert _shown(message).count("<@") == 2


def test_of_many_who_are_missing_fifty_are_mentioned() -> None:
    message = _rendered(missing=300)
    assert "and 250 more" in _shown(message)
    assert message_refusals(message) == []


def test_the_first_line_says_how_far_it_is() -> None:
    assert _rendered(missing=1).text.startswith("⏳ ")
    assert _rendered(met=True).text.startswith("✅ ")
    assert _rendered(votes_against=1).text.startswith("❌ ")
    assert "Sign-off “The data is right”" in _rendered().text
    assert "Vote “The data is right”" in _rendered(votes_against=1).text


def test_there_is_nothing_to_withdraw_before_somebody_has_signed_nor_to_sign_when_it_is_over() -> None:
    assert _labels(_rendered(given=0, missing=2)) == ["Sign…"]
    assert _labels(_rendered(missing=2)) == ["Sign…", "Withdraw…"]
    assert _labels(_rendered(votes_for=1)) == ["Vote…", "Withdraw…"]
    assert _labels(_rendered(over="was asked for anew")) == []


def test_the_buttons_beside_a_criterion_say_which_one_it_is() -> None:
    buttons = views.criterion_buttons(ABOUT, "vote")
    assert [button["value"] for button in buttons] == [str(ABOUT)] * 3


def test_a_vote_shows_the_other_gates_with_their_reasons_and_the_digest() -> None:
    beside = board("Check of accounts", gates=1)
    shown = json.dumps(views.state(asked(TEXT, vote=True), BOUND, items=(), board=beside), ensure_ascii=False)
    assert f"evidence {beside.digest()[:8]}…" in shown
    assert "❌ not passed: Check of accounts (0 of 20 criteria)" in shown
    assert "❌ expired: Check of accounts: Check of accounts" in shown


def test_a_vote_has_no_choice_made_for_the_person() -> None:
    shown = json.dumps(views.state(asked(TEXT, vote=True), BOUND, items=(), board=None))
    assert "initial_option" not in shown
    assert "have not been evaluated yet" in shown


def test_a_signature_shows_the_text_the_criterion_and_the_gate_and_may_be_without_a_comment() -> None:
    view = views.state(asked(TEXT, contacts=1), BOUND, items=(), board=None)
    assert json.dumps(view).count(TEXT) >= 4
    comment = next(block for block in view["blocks"] if block.get("block_id") == "comment")  # type: ignore[attr-defined]
    assert comment["optional"] is True

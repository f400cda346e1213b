"""Every message and modal is one that Slack takes, whatever stands in it."""

import re

import pytest

from bot.domain.messages.start_request import RoleCallFacts
from bot.slack.blocks import Block
from bot.slack.views.preview import dry_run
from bot.slack.views.repeat import as_repeat
from tests.unit.slack.judges import as_json, message_refusals, specials_of, view_refusals
from tests.unit.slack.modal_samples import MODALS
from tests.unit.slack.samples import MESSAGES, TEXTS, preview, rendered, timeline

MENTION = "U123"


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_is_taken_by_both_judges_and_has_a_text(kind: str, text: str) -> None:
    assert message_refusals(rendered(MESSAGES[kind](TEXTS[text]))) == []


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_that_is_sent_again_is_taken_by_both_judges(kind: str, text: str) -> None:
    assert message_refusals(as_repeat(rendered(MESSAGES[kind](TEXTS[text])))) == []


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", MODALS)
def test_a_modal_is_taken_by_both_judges(kind: str, text: str) -> None:
    assert view_refusals(MODALS[kind](TEXTS[text])) == []


@pytest.mark.parametrize("kind", MESSAGES)
def test_nothing_in_a_message_calls_anybody_or_leads_anywhere(kind: str) -> None:
    for text in TEXTS.values():
        message = rendered(MESSAGES[kind](text))
        as_sent = [as_json(block) for block in (*message.blocks, *message.plainer)]
        spoken = {"type": "mrkdwn", "text": message.text}
        assert specials_of([spoken, *as_sent]) == []


@pytest.mark.parametrize("kind", MODALS)
def test_nothing_in_a_modal_calls_anybody_or_leads_anywhere(kind: str) -> None:
    for text in TEXTS.values():
        assert specials_of(as_json(MODALS[kind](text))) == []


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("entries", [1, 21])
def test_only_who_has_to_act_is_mentioned_and_always_is(text: str, entries: int) -> None:
    message = rendered(timeline(TEXTS[text], entries=entries, mention=MENTION))
    assert specials_of([as_json(block) for block in message.blocks]) == [f"<@{MENTION}>"]
    assert f"<@{MENTION}>" not in message.text


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("count", [1, 150, 151, 450])
def test_everybody_in_a_role_is_called_and_nobody_else(text: str, count: int) -> None:
    people = tuple(f"U{number:010}" for number in range(count))
    message = rendered(RoleCallFacts(text=TEXTS[text], people=people))
    assert message_refusals(message) == []
    called = [name for block in message.blocks for name in re.findall("<@([^>]+)>", str(as_json(block)))]
    assert called == list(people)
    assert specials_of([as_json(block) for block in message.blocks]) == [f"<@{name}>" for name in people]


def test_of_a_role_too_large_for_a_message_it_is_said_how_many_were_not_called() -> None:
    message = rendered(RoleCallFacts(text="Now", people=tuple(f"U{number:010}" for number in range(460))))
    assert message_refusals(message) == []
    assert "and 10 more" in str(message.blocks[-1])


def test_a_role_that_has_to_act_is_called_by_its_group_or_by_its_first_ten_people() -> None:
    people = tuple(f"U{number}" for number in range(12))
    for role, called in ((("S1",), ["<!subteam^S1>"]), (people, [f"<@U{n}>" for n in range(10)])):
        message = rendered(timeline("Due", role=role))
        assert specials_of([as_json(block) for block in message.blocks]) == called


def test_no_line_of_a_timeline_is_left_out() -> None:
    for text in TEXTS.values():
        message = rendered(timeline(text, entries=21))
        shown = "".join(str(as_json(block)["text"]) for block in message.blocks)
        assert shown.count("<!date^") == 21
        assert "more" not in shown.rpartition("<!date^")[2] or "more" in text


def test_the_judges_refuse_what_slack_refuses() -> None:
    button: Block = {"type": "button", "text": {"type": "plain_text", "text": "x" * 76}, "action_id": "a"}
    wrong: Block = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "x" * 25},
        "blocks": [{"type": "actions", "elements": [button]}],
    }
    assert len(view_refusals(wrong)) == 4


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("steps", [1, 8, 40])
def test_a_dry_run_is_taken_by_both_judges_and_has_nothing_to_press(steps: int, text: str) -> None:
    for ready in (True, False):
        message = dry_run(preview(TEXTS[text], stages=1, steps=steps, ready=ready))
        assert message_refusals(message) == []
        assert "actions" not in [block["type"] for block in message.blocks]
        assert "Nothing was changed" in str(message.blocks[-1])

"""What Slack sends, parsed: what we need is there or it is refused, and the rest is let be."""

import pytest
from pydantic import ValidationError

from bot.domain.person import Actor
from handlers.bound import BoundConfirmation
from handlers.payloads import Channel, Command, Interaction, Press, Submission

COMMAND = {
    "token": "t",
    "team_id": "T1",
    "command": "/rollback",
    "text": "  ledger   now ",
    "user_id": "U1",
    "user_name": "sam.okafor",
    "channel_id": "C1",
    "channel_name": "incidents",
    "response_url": "https://hooks.slack.com/commands/1",
    "trigger_id": "1.2.3",
}
PRESS = {
    "type": "block_actions",
    "user": {"id": "U1", "username": "sam.okafor", "name": "sam.okafor", "team_id": "T1"},
    "trigger_id": "1.2.3",
    "channel": {"id": "C1", "name": "incidents"},
    "message": {"ts": "1.2", "text": "x"},
    "actions": [{"type": "button", "action_id": "walk.answer:p1", "value": "walk:3", "block_id": "answers"}],
}


def submission(values: object, **view: object) -> Submission:
    return Submission.model_validate(
        {
            "type": "view_submission",
            "user": {"id": "U1", "name": "sam.okafor"},
            "view": {
                "callback_id": "step_reason:skip",
                "private_metadata": "run:2:stop",
                "state": {"values": values},
                **view,
            },
        }
    )


def test_a_command_is_who_typed_which_words_where() -> None:
    command = Command.model_validate(COMMAND)
    assert (command.command, command.words, command.actor) == (
        "/rollback",
        ("ledger", "now"),
        Actor("U1", "sam.okafor"),
    )
    assert (command.public_channel, command.trigger_id) == ("C1", "1.2.3")


@pytest.mark.parametrize("text", ["", "   ", None])
def test_a_command_without_words_has_none(text: str | None) -> None:
    given = (
        {**COMMAND, "text": text} if text is not None else {k: v for k, v in COMMAND.items() if k != "text"}
    )
    assert Command.model_validate(given).words == ()


@pytest.mark.parametrize("name", ["directmessage", "privategroup", "mpdm"])
def test_what_is_typed_where_only_some_can_see_it_is_not_answered_there(name: str) -> None:
    assert Command.model_validate({**COMMAND, "channel_name": name}).public_channel is None


@pytest.mark.parametrize(
    "missing", ["command", "user_id", "user_name", "channel_id", "channel_name", "trigger_id"]
)
def test_a_command_that_lacks_something_is_refused_by_its_name(missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        Command.model_validate({name: value for name, value in COMMAND.items() if name != missing})


def test_a_press_is_who_pressed_which_button() -> None:
    press = Press.model_validate(PRESS)
    assert (press.button.action_id, press.button.detail, press.button.value) == (
        "walk.answer:p1",
        "p1",
        "walk:3",
    )
    assert (press.user.actor, press.channel, press.trigger_id) == (
        Actor("U1", "sam.okafor"),
        Channel(id="C1"),
        "1.2.3",
    )


def test_a_press_in_a_home_is_in_no_channel() -> None:
    body = {name: value for name, value in PRESS.items() if name != "channel"}
    assert Press.model_validate(body).channel is None
    shown = {**body, "type": "block_actions", "view": {"type": "home"}}
    assert [
        one is not None and one.at_home
        for one in (
            Interaction.of(shown),
            Interaction.of({**shown, "view": {"type": "modal"}}),
            Interaction.of({**shown, "type": "view_submission"}),
            Interaction.of({**shown, "type": "event_callback"}),
        )
    ] == [True, False, False, False]


def test_a_button_without_a_colon_or_a_value_has_none() -> None:
    press = Press.model_validate({**PRESS, "actions": [{"action_id": "walk.back"}]})
    assert (press.button.detail, press.button.value) == ("", "")


@pytest.mark.parametrize(
    "wrong", [{"actions": []}, {"user": {"id": "U1"}}, {"channel": {}}, {"actions": [{"value": "x"}]}]
)
def test_a_press_that_lacks_something_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Press.model_validate({**PRESS, **wrong})


def test_a_person_whose_name_comes_as_username_is_named() -> None:
    press = Press.model_validate({**PRESS, "user": {"id": "U1", "username": "sam"}})
    assert press.user.actor == Actor("U1", "sam")


def test_a_submission_is_what_was_typed_and_chosen_in_each_block() -> None:
    sent = submission(
        {
            "reason": {"typed": {"type": "plain_text_input", "value": "done before"}},
            "plan": {"chosen": {"type": "static_select", "selected_option": {"text": {}, "value": "access"}}},
        }
    )
    assert (sent.typed("reason"), sent.chosen("plan"), sent.view.detail) == ("done before", "access", "skip")
    assert sent.view.private_metadata == "run:2:stop"


@pytest.mark.parametrize(
    "values", [{}, {"reason": {}}, {"reason": {"typed": {"value": None, "selected_option": None}}}]
)
def test_what_was_left_empty_is_an_empty_text(values: object) -> None:
    assert (submission(values).typed("reason"), submission(values).chosen("reason")) == ("", "")


def test_a_modal_without_a_state_is_an_empty_one() -> None:
    assert submission({}, state={}).typed("reason") == ""


def test_a_confirmation_is_bound_or_refused() -> None:
    bound = BoundConfirmation.model_validate_json('{"walk": "w", "preview": "p", "digest": "d"}')
    assert (bound.walk, bound.preview, bound.digest) == ("w", "p", "d")
    for wrong in ("", "{}", '{"walk": "w", "preview": "p"}', "[]"):
        with pytest.raises(ValidationError):
            BoundConfirmation.model_validate_json(wrong)

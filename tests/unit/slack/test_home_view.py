"""A person's Home: what waits first, every migration on a line, and nothing that Slack refuses."""

from typing import get_args

import pytest

from bot.domain.waiting import WaitingKind
from bot.sandbox.json_values import as_list, as_object, as_text, objects_in
from bot.slack.blocks import Block
from bot.slack.views.home_buttons import BUTTONS
from tests.unit.handlers.listeners import heard, registered
from tests.unit.slack.home_samples import HOMES
from tests.unit.slack.judges import as_json, buttons_of, mrkdwn_of, specials_of, view_refusals
from tests.unit.slack.samples import TEXTS

LINK = "<https://acme.slack.com/archives/C0CUTOVER/p1773457920000100|message>"


def texts(view: Block) -> list[str]:
    return list(mrkdwn_of(as_json(view)))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", HOMES)
def test_a_home_is_taken_by_both_judges(kind: str, text: str) -> None:
    assert view_refusals(HOMES[kind](TEXTS[text])) == []


@pytest.mark.parametrize("kind", HOMES)
def test_nothing_in_a_home_calls_anybody_or_leads_anywhere_but_to_its_messages(kind: str) -> None:
    for text in TEXTS.values():
        assert set(specials_of(as_json(HOMES[kind](text)))) <= {LINK}


def test_every_kind_of_thing_that_waits_has_its_buttons() -> None:
    assert set(BUTTONS) == set(get_args(WaitingKind))


def test_every_button_of_a_home_is_heard_by_one_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    listeners = registered(monkeypatch)
    blocks = objects_in(as_list(as_json(HOMES["home"]("Look"))["blocks"]))
    pressed = [as_text(button["action_id"]) for button in buttons_of(blocks)]
    assert len(pressed) == 12
    assert [name for name in pressed if heard(listeners.buttons, name) != 1] == []


def test_what_waits_stands_above_every_migration_on_one_line() -> None:
    lines = "\n".join(texts(HOMES["home"]("Parallel run"))).splitlines()
    assert lines[0] == "*⏳ 9 things wait for you*"
    (first, second) = [line for line in lines if line.startswith("*ledger*")]
    assert first == second
    assert first.startswith("*ledger* · Parallel run, day 12 of 56 · ❌ 1 of 5 checks outside tolerance")
    assert ", 11 clean days in a row · ❌ gates 3 of 5 (" in first
    assert "· ❌ P1 incident open since" in first
    assert first.endswith(f"({LINK})")


def test_a_home_of_nothing_says_so() -> None:
    heads = [
        "*✅ Nothing waits for you*",
        "*No migration is loaded*",
    ]
    assert texts(HOMES["home of nothing"](""))[:2] == heads


def test_a_migration_of_which_nothing_is_known_says_that() -> None:
    assert "*ledger* · Shadow · ❔ never reconciled" in texts(HOMES["home of a new migration"]("Shadow"))


def test_of_too_much_the_most_urgent_is_shown_and_the_rest_counted() -> None:
    shown = texts(HOMES["home with too much"]("Look"))
    assert shown[0] == "⚠️ Too late"
    assert shown[1] == "*⏳ 270 things wait for you*"
    assert "and 250 more; these come first" in shown
    assert sum(text.startswith("❔ ") for text in shown) == 3
    assert len(as_list(as_object(as_json(HOMES["home with too much"]("Look")))["blocks"])) <= 100

"""Where a migration is, as a person reads it, and the cutover's messages."""

import pytest

from bot.domain.messages.facts import Facts
from bot.slack.blocks import Message
from bot.slack.views import phase as view
from tests.unit.domain.ledger import after
from tests.unit.slack.cutover_samples import CUTOVERS, cutover, phase_facts
from tests.unit.slack.judges import blocks_of, mrkdwn_of
from tests.unit.slack.samples import NAME_OF_60, TEXTS, rendered

TEXT = "Stop it"


def lines(message: Message) -> list[str]:
    return "\n".join(mrkdwn_of(list(blocks_of(message)))).splitlines()


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("cutover planned", "⏳ {name} cutover on 2026-03-21 (Europe/Berlin) · 1 of 2 of the checklist done"),
        ("cutover stopped", "❌ {name} cutover has not begun: Stop it (and 19 more)"),
        ("cutover unsettled", "❌ {name} cutover has not begun: the checklist is not settled"),
        ("cutover called off", "❌ {name} cutover was called off by Stop it"),
        ("cutover waiting", "⏳ {name} cutover · 0 of 2 steps · next: 08:00 Stop it, in 4h45m"),
        ("cutover giving way", "⏳ {name} cutover is being stopped by Stop it: step “Stop it” is brought"),
        ("run queued", "⏳ {name} rollback begins as soon as the step that acts has ended"),
    ],
)
def test_the_text_and_the_first_line_are_the_answer(kind: str, begins: str) -> None:
    facts: Facts = CUTOVERS[kind](TEXT)
    assert rendered(facts).text.startswith(begins.format(name=NAME_OF_60))


def test_a_planned_cutover_lists_its_checklist_and_says_when_it_begins() -> None:
    told = lines(rendered(cutover(TEXT)))
    assert any(line.startswith("Plan “Stop it” begins <!date^") for line in told)
    assert any(line.startswith("✅ Stop it (") and line.endswith("done by Stop it") for line in told)


def test_where_it_is_says_phase_and_day_first_then_what_it_allows_and_needs() -> None:
    message = view.phase(phase_facts(TEXT, leaving=2, countdown="next: 08:00 sync, in 42m"))
    assert message.text == "Stop it is in phase “Stop it”, day 3 of 28"
    told = lines(message)
    assert "⏳ next: 08:00 sync, in 42m" in told
    assert "Rollback: Stop it" in told
    assert "• Stop it: ❌ expired: Stop it" in told
    assert "• Stop it: ❔ unknown" in told
    assert told[-1] == "… and 28 more"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_fits_into_slacks_limits(text: str) -> None:
    message = view.phase(phase_facts(text))
    assert len(message.blocks) <= 50
    assert sum(len(told) for told in mrkdwn_of(list(blocks_of(message)))) < 13_000


def test_after_the_last_phase_nothing_is_next() -> None:
    facts = phase_facts(TEXT, next_phase="", leaving=1)
    assert "It is the last phase." in lines(view.phase(facts))
    assert after(0) == facts.at

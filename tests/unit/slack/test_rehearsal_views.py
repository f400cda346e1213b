"""What the messages of a rehearsal, and what was typed for a run, look like."""

import pytest

from bot.domain.messages.run import run_facts
from bot.slack.blocks import Message
from tests.unit.domain.ledger import DONE, SAM, after, run_of
from tests.unit.slack.judges import blocks_of, mrkdwn_of
from tests.unit.slack.rehearsal_samples import NAME_OF_60, rehearsal
from tests.unit.slack.samples import rendered

TEXT = "Stop it"


def lines(message: Message) -> list[str]:
    return "\n".join(mrkdwn_of(list(blocks_of(message)))).splitlines()


def run(*states: dict[str, object], **changes: object) -> Message:
    made = run_of(*states).model_copy(update=changes)
    return rendered(run_facts(made, now=after(147)))


@pytest.mark.parametrize("status", ["running", "paused", "aborted", "done"])
def test_a_rehearsal_says_so_before_anything_else_and_nothing_of_a_detection(status: str) -> None:
    ended = {"ended_at": after(60), "ended_by": SAM, "paused_by": SAM}
    shown = run(DONE, status=status, environment="staging", rehearsal="r", **ended)
    assert shown.text[1:].startswith(" Rehearsal in staging: ledger")
    assert shown.text.count("staging") == 1
    assert "from the first question" not in lines(shown)[-1]


def test_what_was_typed_is_in_the_foot_of_a_run() -> None:
    shown = run(DONE, inputs={"ticket": "<ABC-1>", "crew": "2"})
    assert "ticket &lt;ABC-1&gt;, crew 2" in lines(shown)[-1]


def test_a_rehearsal_with_everything_wrong_says_what_and_who_is_still_to_sign() -> None:
    shown = lines(rendered(rehearsal(TEXT, broken=True)))
    what = f"Rehearsal in {NAME_OF_60}: {NAME_OF_60}, plan {NAME_OF_60}"
    assert shown[0] == f"*❌ {what} is no evidence · 1:01 of 1:00*"
    assert any("3 rows before, 4 after" in line for line in shown)
    assert any(line.startswith("… and ") and "rehearsals show" in line for line in shown)
    assert f"To be signed by {'b' * 60}, {'c' * 60}, a person each." in shown

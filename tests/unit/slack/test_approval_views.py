"""What is said of approvals: who may give them, who has, and who went on without."""

from bot.domain.messages.run import run_facts
from bot.slack.blocks import Message
from tests.unit.domain.ledger import ANA, after, run_of
from tests.unit.slack.judges import blocks_of, mrkdwn_of
from tests.unit.slack.samples import MESSAGES, NAME_OF_60, rendered

TEXT = "Stop it"


def lines(message: Message) -> list[str]:
    return "\n".join(mrkdwn_of(list(blocks_of(message)))).splitlines()


def run(**changes: object) -> Message:
    return rendered(run_facts(run_of().model_copy(update=changes), now=after(147)))


def test_what_waits_for_approvals_says_who_may_give_them_and_who_has() -> None:
    told = "\n".join(lines(rendered(MESSAGES["approvals asked for"](TEXT))))
    assert (
        f"Nothing has started: another person of {NAME_OF_60} (@{TEXT}) has to approve it, not {TEXT}."
        in told
    )
    told = "\n".join(lines(rendered(MESSAGES["approvals given and dropped"]("Sam"))))
    assert "✅ approved by Sam, Sam" in told
    assert "❌ does not count, no longer in the role: Sam, Sam" in told


def test_what_was_not_approved_in_time_says_what_to_do() -> None:
    told = "\n".join(lines(rendered(MESSAGES["verdict that was not approved in time"](TEXT))))
    assert "with 0 of 1 approvals. Preview it again, then ask again." in told


def test_a_run_tells_who_approved_it_or_who_went_on_alone_and_why() -> None:
    told = lines(run(approved_by=(ANA,)))[-1]
    assert "confirmed by Sam" in told
    assert "approved by Ana" in told
    assert "went on alone: the pager is dead" in lines(run(broke_glass="the pager is dead"))[-1]

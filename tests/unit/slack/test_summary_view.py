"""What a day's summary says, and to whom."""

from bot.domain.check_result import Reconciled
from tests.unit.slack.judges import as_json, message_refusals, specials_of
from tests.unit.slack.samples import TEXTS, rendered
from tests.unit.slack.summary_samples import quiet, summary


def texts(*blocks: object) -> str:
    return str(blocks)


def test_a_quiet_day_is_one_line_that_says_everything() -> None:
    message = rendered(quiet("Headcount"))
    assert len(message.blocks) == 1
    assert f"✅ {'a' * 60}: all 5 checks within tolerance · 12 clean days in a row · " in texts(
        *message.blocks
    )
    assert "took 4.1 s" in texts(*message.blocks)


def test_a_late_quiet_day_is_told_with_everything() -> None:
    assert len(rendered(quiet("Headcount", late=True)).blocks) > 1


def test_the_owner_of_several_failing_checks_is_mentioned_once_and_only_in_the_blocks() -> None:
    for text in TEXTS.values():
        message = rendered(summary(text, each=2, called=("S1",)))
        assert specials_of([as_json(block) for block in message.blocks]) == ["<!subteam^S1>"]
        assert "S1" not in message.text
        assert message_refusals(message) == []


def test_an_explained_failure_calls_nobody() -> None:
    facts = summary("Headcount", called=("S1",))
    failed = facts.checks[0].model_copy(update={"check": "headcount"})
    explained = facts.model_copy(
        update={"reconciled": Reconciled(results=(failed,)), "explained": ("headcount",)}
    )
    assert specials_of([as_json(block) for block in rendered(explained).blocks]) == []


def test_what_has_to_be_done_comes_before_what_changed_and_the_chart_after_the_table() -> None:
    blocks = rendered(summary("Headcount")).blocks
    kinds = [block["type"] for block in blocks]
    assert kinds.index("table") < kinds.index("data_visualization") < kinds.index("actions")
    said = texts(*blocks)
    assert said.index("owner") < said.index("Since 13 March") < said.index("Compared by no check")


def test_the_chart_names_its_days_and_says_what_it_leaves_out() -> None:
    blocks = rendered(summary("Headcount")).blocks
    chart = next(block for block in blocks if block["type"] == "data_visualization")
    assert "14 Mar" in texts(chart)
    assert "'Limit'" in texts(chart)
    assert "20 of 30 points are drawn" in texts(*blocks)

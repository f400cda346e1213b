"""What a question's message is told."""

from datetime import timedelta

from bot.domain.measurement import Measurement
from bot.domain.messages.measured import MeasuredLine
from bot.domain.messages.walk import question_facts
from bot.domain.playbook.document import Playbook
from tests.unit.domain.ledger import (
    NOW,
    PLAYBOOK,
    TREE,
    TRIGGERS,
    answered,
    document,
    opened,
    variance,
    walked,
)


def lines(*measured: Measurement, playbook: Playbook = PLAYBOOK) -> tuple[MeasuredLine, ...]:
    found = question_facts(playbook, opened(playbook).model_copy(update={"measured": measured})).measured
    assert found is not None
    return found


def test_a_question_has_its_number_its_answers_and_what_was_said_before() -> None:
    facts = question_facts(PLAYBOOK, walked("p1"))
    assert (facts.number, facts.ask, facts.measured) == (2, "Was somebody in it?", ())
    assert [(button.id, button.text) for button in facts.answers] == [
        ("yes", "Yes"),
        ("no", "No"),
        ("unknown", "I don't know"),
    ]
    assert facts.last_answer == "Sam answered “P1: stopped” to “How bad is it?”"
    assert question_facts(PLAYBOOK, opened()).last_answer == ""


def test_a_measured_value_is_judged_by_the_trigger_that_reads_it() -> None:
    bad, good = lines(variance("7.2"))[0], lines(variance("0.4"))[0]
    assert (bad.text, bad.good, bad.unknown) == ("7.2% > 5%", False, False)
    assert (good.text, good.good, good.unknown) == ("0.4%, limit 5%", True, False)


def test_a_value_that_no_trigger_reads_is_neither_good_nor_bad_nor_unknown() -> None:
    line = lines(Measurement("failed", "Failed", NOW, variance("2").value, "of 3 checks", "Unknown levels"))[
        0
    ]
    assert (line.text, line.good, line.unknown) == ("2 of 3 checks · Unknown levels", None, False)


def test_what_could_not_be_measured_is_unknown() -> None:
    for measured in (
        variance(None, problem="gone"),
        Measurement("failed", "Failed", NOW, None, problem="gone"),
    ):
        line = lines(measured)[0]
        assert (line.text, line.good, line.unknown) == ("unknown (gone)", None, True)


def test_a_lower_bound_is_judged_only_when_it_decides() -> None:
    low, high = lines(variance("3", at_least=True))[0], lines(variance("7.2", at_least=True))[0]
    assert (low.text, low.good, low.unknown) == ("unknown (at least 3%, limit 5%)", None, True)
    assert (high.text, high.good, high.unknown) == ("at least 7.2% > 5%", False, False)


def test_the_questions_own_trigger_goes_before_another_of_the_same_signal() -> None:
    warning = {**TRIGGERS[0], "id": "warning", "when": {"signal": "variance", "op": ">", "value": "1%"}}
    playbook = Playbook.model_validate(
        document(triggers=[warning, *TRIGGERS], decision={"rollback": {**TREE, "start": "variance"}})
    )
    assert lines(variance("3"), playbook=playbook)[0].text == "3%, limit 5%"


def test_each_value_keeps_the_time_at_which_it_was_measured() -> None:
    earlier = NOW - timedelta(hours=2)
    old = Measurement("variance", "Variance", earlier, None)
    assert [line.at for line in lines(old, variance("1"))] == [earlier, NOW]


def test_the_question_after_an_answer_has_nothing_measured_yet() -> None:
    walk = answered(opened().model_copy(update={"measured": (variance("1"),)}), "p1")
    assert walk.measured is None
    assert question_facts(PLAYBOOK, walk.stepped_back()).measured is None


def test_a_question_without_signals_waits_for_no_measurement() -> None:
    assert question_facts(PLAYBOOK, walked("p1")).measured == ()

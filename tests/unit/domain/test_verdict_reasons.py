"""A verdict's reasons: the deciding answer first, measured beside said, nothing that is beside the point."""

import pytest

from bot.domain.errors import RefusedError
from bot.domain.measurement import Measurement
from bot.domain.walk import Overruling, Walk
from tests.unit.domain.ledger import ANA, NOW, PLAYBOOK, SAM, answered, latency, variance, walked


def reasons(walk: Walk) -> tuple[str, ...]:
    return walk.verdict(PLAYBOOK).reasons


def beside(**measured: Measurement) -> dict[str, Measurement]:
    return measured


def test_a_measured_yes_is_told_with_value_and_bound() -> None:
    walk = walked("p1", "no", "yes", measured=beside(variance=variance("7.2")))
    verdict = walk.verdict(PLAYBOOK)
    assert (verdict.title, verdict.plan, verdict.advice) == (
        "Roll back to legacy",
        "immediate",
        "Call payroll",
    )
    assert verdict.reasons == ("Off by 5%: 7.2% > 5%",)


def test_a_persons_yes_is_told_as_reported_by_them() -> None:
    assert reasons(walked("p1", "yes")) == ("Somebody was in it: reported by Sam",)


def test_a_measured_no_is_a_reason_to_keep_watching() -> None:
    measured = beside(variance=variance("0.4"), slow=latency("80"))
    assert reasons(walked("p1", "no", "no", "no", measured=measured)) == (
        "Slower: no, 80 ms, limit 150 ms",
        "Off by 5%: no, 0.4%, limit 5%",
    )


def test_a_measured_no_is_no_reason_to_roll_back() -> None:
    measured = beside(variance=variance("0.4"), slow=latency("180"))
    assert reasons(walked("p1", "no", "no", "yes", measured=measured)) == ("Slower: 180 ms > 150 ms",)


def test_a_no_to_what_is_unknown_is_no_reason_to_roll_back() -> None:
    measured = beside(variance=variance(None, problem="nothing was reconciled yet"), slow=latency("180"))
    assert reasons(walked("p1", "no", "no", "yes", measured=measured)) == ("Slower: 180 ms > 150 ms",)


def test_a_no_to_what_is_unknown_is_told_when_watching_is_the_verdict() -> None:
    measured = beside(variance=variance(None, problem="nothing was reconciled yet"), slow=latency("80"))
    assert reasons(walked("p1", "no", "no", "no", measured=measured)) == (
        "Slower: no, 80 ms, limit 150 ms",
        "Off by 5%: unknown (nothing was reconciled yet), Sam answered “No”",
    )


@pytest.mark.parametrize(
    ("answer", "value", "reason"),
    [
        ("yes", "0.4", "Off by 5%: measured 0.4%, limit 5%, but Sam answered “Yes”"),
        ("no", "7.2", "Off by 5%: measured 7.2% > 5%, but Sam answered “No”"),
        ("unknown", "7.2", "Off by 5%: 7.2% > 5%"),
    ],
)
def test_a_person_and_a_measurement_that_disagree_are_both_told(answer: str, value: str, reason: str) -> None:
    rest = () if answer == "yes" else ("yes",)
    measured = beside(variance=variance(value), slow=latency("180"))
    assert reason in reasons(walked("p1", "no", answer, *rest, measured=measured))


@pytest.mark.parametrize(("answer", "said"), [("unknown", "I don't know"), ("no", "No")])
def test_a_measurement_that_warrants_rollback_is_told_first_when_watching_and_closing_takes_a_reason(
    answer: str, said: str
) -> None:
    measured = beside(variance=variance("7.2"), slow=latency("80"))
    walk = walked("p1", "no", answer, "no", measured=measured)
    assert reasons(walk) == (
        f"Off by 5%: measured 7.2% > 5%, but Sam answered “{said}”",
        "Slower: no, 80 ms, limit 150 ms",
    )
    assert walk.verdict(PLAYBOOK).contradicted
    with pytest.raises(RefusedError, match="takes a reason"):
        walk.watched(PLAYBOOK, by=SAM, at=NOW)


def test_not_knowing_that_leads_to_a_rollback_is_its_reason() -> None:
    assert reasons(walked("p1", "unknown")) == ("“Was somebody in it?”: Sam answered “I don't know”",)
    measured = beside(slow=latency("80"))
    assert reasons(walked("p1", "no", "no", "unknown", measured=measured)) == (
        "Slower: measured 80 ms, limit 150 ms, but Sam answered “I don't know”",
    )


def test_what_was_not_measured_is_told_with_the_answer() -> None:
    assert reasons(walked("p1", "no", "yes")) == ("Off by 5%: not measured, Sam answered “Yes”",)


def test_a_lower_bound_above_the_limit_decides_like_a_value() -> None:
    walk = walked("p1", "no", "yes", measured=beside(variance=variance("7.2", at_least=True)))
    assert reasons(walk) == ("Off by 5%: at least 7.2% > 5%",)


def test_a_lower_bound_below_the_limit_decides_nothing() -> None:
    walk = walked("p1", "no", "yes", measured=beside(variance=variance("3", at_least=True)))
    assert reasons(walk) == ("Off by 5%: unknown (at least 3%, limit 5%), Sam answered “Yes”",)


def test_every_verdict_has_a_reason_and_the_deciding_answer_gives_the_first() -> None:
    assert reasons(walked("p4")) == ("“How bad is it?”: Sam answered “P4: nobody”",)


def test_of_several_reasons_the_one_that_decided_stands_first() -> None:
    measured = beside(variance=variance("7.2"), slow=latency("180"))
    assert reasons(walked("p1", "no", "unknown", "yes", measured=measured)) == (
        "Slower: 180 ms > 150 ms",
        "Off by 5%: 7.2% > 5%",
    )


def test_each_answer_is_told_with_who_gave_it() -> None:
    walk = answered(walked("p1"), "yes", by=ANA)
    assert reasons(walk) == ("Somebody was in it: reported by Ana",)


def test_an_overruling_stands_first_and_hides_nothing() -> None:
    walk = walked("p1", "yes")
    to_watch = walk.overruled(PLAYBOOK, Overruling(plan=None, reason="false alarm", by=ANA, at=NOW))
    verdict = to_watch.verdict(PLAYBOOK)
    assert (verdict.title, verdict.plan, verdict.advice) == ("Keep watching", None, None)
    assert verdict.reasons == (
        "Ana overruled “Roll back to legacy”: false alarm",
        "Somebody was in it: reported by Sam",
    )

"""Why a walk led to its verdict: what was measured, what people said, and where the two disagree."""

from bot.domain.given_answer import GivenAnswer
from bot.domain.playbook.decision import NO, UNKNOWN, YES, Question
from bot.domain.playbook.document import Playbook
from bot.domain.trigger_reading import TriggerReading, read_trigger


def verdict_reasons(
    playbook: Playbook, answers: tuple[GivenAnswer, ...], *, for_rollback: bool
) -> tuple[str, ...]:
    """Why these answers led where they led: the deciding answer first, and always.

    What was measured against a verdict to keep watching stands before even that.
    """
    reasons = [] if for_rollback else met_triggers(playbook, answers)
    for given in reversed(answers):
        question = playbook.decision.rollback.nodes[given.question]
        deciding = given is answers[-1]
        reason = _reason(playbook, question, given, for_rollback=for_rollback, deciding=deciding)
        if reason is not None:
            reasons.append(reason)
        elif deciding:
            reasons.append(f"“{question.ask}”: {_answered(question, given)}")
    return tuple(dict.fromkeys(reasons))


def met_triggers(playbook: Playbook, answers: tuple[GivenAnswer, ...]) -> list[str]:
    """The triggers that are met, whatever was answered, the latest question's first."""
    found = []
    for given in reversed(answers):
        question = playbook.decision.rollback.nodes[given.question]
        reading = _reading(playbook, question, given)
        if reading is not None and reading.met:
            found.append(f"{reading.title}: measured {reading.text}, but {_answered(question, given)}")
    return found


def _reading(playbook: Playbook, question: Question, given: GivenAnswer) -> TriggerReading | None:
    if question.trigger is None:
        return None
    measured = {measurement.signal: measurement for measurement in given.measured}
    return read_trigger(playbook, playbook.trigger(question.trigger), measured)


def _reason(
    playbook: Playbook, question: Question, given: GivenAnswer, *, for_rollback: bool, deciding: bool
) -> str | None:
    """What an answer says for the verdict, or None when it says nothing for it."""
    reading = _reading(playbook, question, given)
    if reading is not None:
        return _measured_reason(reading, question, given, for_rollback=for_rollback, deciding=deciding)
    if given.answer == YES and question.claim:
        return f"{question.claim}: reported by {given.by.name}"
    if given.answer == UNKNOWN and question.claim and not for_rollback:
        return f"“{question.ask}”: {_answered(question, given)}"
    return None


def _measured_reason(
    reading: TriggerReading, question: Question, given: GivenAnswer, *, for_rollback: bool, deciding: bool
) -> str | None:
    """The trigger's reading as a reason; where a person and the measurement disagree, both are told."""
    said = {YES: True, NO: False}.get(given.answer)
    if reading.met is None:
        beside_the_point = said is False and for_rollback
        return None if beside_the_point else f"{reading.title}: {reading.text}, {_answered(question, given)}"
    # Who does not know disagrees with a measurement that speaks against the verdict.
    against = reading.met != for_rollback and (deciding or reading.met)
    if against if said is None else reading.met != said:
        return f"{reading.title}: measured {reading.text}, but {_answered(question, given)}"
    if reading.met:
        return f"{reading.title}: {reading.text}"
    return None if for_rollback else f"{reading.title}: no, {reading.text}"


def _answered(question: Question, given: GivenAnswer) -> str:
    return f"{given.by.name} answered “{question.answers[given.answer].text}”"

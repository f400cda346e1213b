"""Facts of a walk: its question, its verdict with the preview, its end."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.domain.measurement import Measurement
from bot.domain.messages.facts import Facts
from bot.domain.messages.measured import MeasuredLine
from bot.domain.playbook.decision import Question
from bot.domain.playbook.document import Playbook
from bot.domain.preview import PlanPreview
from bot.domain.start_request import StartRequest
from bot.domain.trigger_reading import read_trigger
from bot.domain.walk import Verdict, Walk


class AnswerButton(BaseModel):
    """An answer of the open question."""

    model_config = ConfigDict(frozen=True)
    id: str
    text: str


class QuestionFacts(Facts):
    """The open question of a walk, with what was measured for it. `measured` is None while measuring."""

    kind: ClassVar[str] = "walk.question"
    walk: Walk
    title: str
    ask: str
    number: int
    answers: tuple[AnswerButton, ...]
    measured: tuple[MeasuredLine, ...] | None
    last_answer: str = ""


class VerdictFacts(Facts):
    """A verdict with its reasons and, once it is made, the preview of the plan.

    `expired` is what was asked for by that preview and not approved in time.
    """

    kind: ClassVar[str] = "walk.verdict"
    walk: Walk
    title: str
    severity: str | None
    verdict: Verdict
    plan_title: str | None
    plans: dict[str, str]
    preview: PlanPreview | None = None
    expired: StartRequest | None = None


class WalkClosedFacts(Facts):
    """A walk that ended without a rollback."""

    kind: ClassVar[str] = "walk.closed"
    title: str
    migration: str
    verdict: Verdict
    closed_by: str
    closed_at: datetime


def question_facts(playbook: Playbook, walk: Walk) -> QuestionFacts:
    """The facts of a walk's open question."""
    question = playbook.decision.rollback.nodes[walk.place]
    waits = bool(question.signals) and walk.measured is None
    measured = None if waits else _lines(playbook, question, walk.measured or ())
    last = walk.answers[-1] if walk.answers else None
    said = ""
    if last is not None:
        before = playbook.decision.rollback.nodes[last.question]
        said = f"{last.by.name} answered “{before.answers[last.answer].text}” to “{before.ask}”"
    return QuestionFacts(
        walk=walk,
        title=playbook.title,
        ask=question.ask,
        number=len(walk.answers) + 1,
        answers=tuple(AnswerButton(id=name, text=a.text) for name, a in question.answers.items()),
        measured=measured,
        last_answer=said,
    )


def _lines(
    playbook: Playbook, question: Question, measured: tuple[Measurement, ...]
) -> tuple[MeasuredLine, ...]:
    """Each signal with the trigger that reads it, the question's own before any other.

    A signal without a trigger is neither good nor bad.
    """
    by_signal = {measurement.signal: measurement for measurement in measured}
    triggers = sorted(playbook.triggers, key=lambda trigger: trigger.id != question.trigger)
    lines: list[MeasuredLine] = []
    for measurement in measured:
        reading = next(
            (
                read_trigger(playbook, trigger, by_signal)
                for trigger in triggers
                if trigger.when.signal == measurement.signal
            ),
            None,
        )
        met = reading.met if reading else None
        text = reading.text if reading else measurement.text()
        if measurement.detail and measurement.detail not in text:
            text = f"{text} · {measurement.detail}"
        lines.append(
            MeasuredLine(
                title=measurement.title,
                text=text,
                good=None if met is None else not met,
                unknown=met is None and (reading is not None or not measurement.known),
                at=measurement.at,
            )
        )
    return tuple(lines)

"""From an outbox row to a message: each kind has its facts and its view."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import JsonValue

from bot.domain.messages.cutover import CutoverFacts
from bot.domain.messages.decisions import (
    DecisionConclusionFacts,
    DecisionQuestionFacts,
    DecisionRequestFacts,
)
from bot.domain.messages.differing_rows import DifferingRowsFacts
from bot.domain.messages.facts import Facts, Plain
from bot.domain.messages.follow_ups import FollowUpFacts
from bot.domain.messages.gates import GatesFacts
from bot.domain.messages.reconciliation import ReconciliationFacts
from bot.domain.messages.rehearsal import RehearsalFacts
from bot.domain.messages.review import ReviewFacts
from bot.domain.messages.run import RunFacts
from bot.domain.messages.start_request import RoleCallFacts, StartRequestFacts
from bot.domain.messages.statements import StatementsFacts
from bot.domain.messages.summary import SummaryFacts, SummaryWaitFacts
from bot.domain.messages.timeline import TimelineFacts
from bot.domain.messages.trace import AuditAnchorFacts, PlaybookChangedFacts, PlaybooksApartFacts
from bot.domain.messages.walk import QuestionFacts, VerdictFacts, WalkClosedFacts
from bot.slack.blocks import Message
from bot.slack.views import (
    cutover_day,
    decision_request,
    decision_walk,
    differing_rows,
    follow_ups,
    gates,
    lines,
    reconciliation,
    rehearsal,
    review,
    run,
    start_request,
    statements,
    summary,
    trace,
    walk,
)

F = TypeVar("F", bound=Facts)
_RENDERERS: dict[str, Callable[[dict[str, JsonValue]], Message]] = {}


def _bind(model: type[F], view: Callable[[F], Message]) -> None:
    if model.kind in _RENDERERS:
        raise ValueError(f"two views for {model.kind}")
    _RENDERERS[model.kind] = lambda facts: view(model.model_validate(facts))


_bind(Plain, lines.plain)
_bind(TimelineFacts, lines.timeline)
_bind(QuestionFacts, walk.question)
_bind(VerdictFacts, walk.verdict)
_bind(WalkClosedFacts, walk.closed)
_bind(StartRequestFacts, start_request.requested)
_bind(RoleCallFacts, start_request.called)
_bind(ReviewFacts, review.review)
_bind(RunFacts, run.run)
_bind(ReconciliationFacts, reconciliation.reconciliation)
_bind(SummaryFacts, summary.summary)
_bind(SummaryWaitFacts, summary.put_off)
_bind(DifferingRowsFacts, differing_rows.differing_rows)
_bind(FollowUpFacts, follow_ups.follow_up)
_bind(CutoverFacts, cutover_day.planned)
_bind(RehearsalFacts, rehearsal.record)
_bind(StatementsFacts, statements.statements)
_bind(DecisionQuestionFacts, decision_walk.question)
_bind(DecisionConclusionFacts, decision_walk.conclusion)
_bind(DecisionRequestFacts, decision_request.request)
_bind(GatesFacts, gates.gates)
_bind(PlaybookChangedFacts, trace.changed)
_bind(PlaybooksApartFacts, trace.apart)
_bind(AuditAnchorFacts, trace.anchor)

KINDS = frozenset(_RENDERERS)
# Kinds whose waiting messages of one thread are told together, so that a busy channel keeps up.
MERGED = frozenset({TimelineFacts.kind})


def render(kind: str, facts: Sequence[dict[str, JsonValue]]) -> Message:
    """The message of a kind; several facts only of a kind in MERGED. KeyError for one without a view."""
    if len(facts) == 1:
        return _RENDERERS[kind](facts[0])
    entries = [entry for each in facts for entry in TimelineFacts.model_validate(each).entries]
    return lines.timeline(TimelineFacts(entries=tuple(entries)))

"""The walk of a decision tree: questions, answers, one step back, and a verdict."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.given_answer import GivenAnswer
from bot.domain.measurement import Measurement
from bot.domain.person import Actor
from bot.domain.playbook.decision import Question, Severity
from bot.domain.playbook.document import Playbook
from bot.domain.verdict_reasons import met_triggers, verdict_reasons

WalkStatus = Literal["asking", "concluded", "watching", "confirmed", "outdated"]
OPEN_WALKS: tuple[WalkStatus, ...] = ("asking", "concluded")


class Overruling(BaseModel):
    """A person's decision against the tree's verdict; `plan` None means: keep watching."""

    model_config = ConfigDict(frozen=True)
    plan: str | None
    reason: str
    by: Actor
    at: datetime


class Verdict(BaseModel):
    """Where the walk led: a plan to roll back by, or None to keep watching, and why.

    `contradicted` is whether a trigger is met and the verdict is to keep watching all the same.
    """

    model_config = ConfigDict(frozen=True)
    title: str
    plan: str | None
    reasons: tuple[str, ...]
    advice: str | None = None
    contradicted: bool = False


class Walk(BaseModel):
    """One walk. Every decision of a person makes a new one with `version` one higher.

    `holder` is who last had it in hand; `measured` is what stands beside the open question, None while
    it is being measured; `preview` is the id of the verdict's preview. These are filled in for a
    version and leave it as it is, so that a button shown before stays good. `request` is the id of the
    start request that waits for approvals: while it is there nothing else is decided.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    incident: str
    migration: str
    environment: str
    started_by: Actor
    started_at: datetime
    holder: Actor
    status: WalkStatus
    place: str
    answers: tuple[GivenAnswer, ...] = ()
    overruling: Overruling | None = None
    measured: tuple[Measurement, ...] | None = None
    preview: str | None = None
    request: str | None = None
    closed_by: Actor | None = None
    closed_at: datetime | None = None
    version: int = 1

    def severity(self, playbook: Playbook) -> Severity | None:
        """The severity that the answers gave, the latest one winning."""
        found: Severity | None = None
        for given in self.answers:
            answer = playbook.decision.rollback.nodes[given.question].answers[given.answer]
            found = answer.severity or found
        return found

    def fits(self, playbook: Playbook) -> bool:
        """Whether the tree still has every question and answer of this walk, and the place it is at."""
        tree = playbook.decision.rollback
        given = all(
            answer.question in tree.nodes and answer.answer in tree.nodes[answer.question].answers
            for answer in self.answers
        )
        return given and self.place in (tree.nodes if self.status == "asking" else tree.outcomes)

    def outdated(self, *, by: Actor, at: datetime) -> "Walk":
        """The walk closed because its tree is no longer the playbook's."""
        self._still_open()
        return self._next(status="outdated", preview=None, request=None, closed_by=by, closed_at=at)

    def question(self, playbook: Playbook) -> Question | None:
        """The open question, or None when the walk has a verdict."""
        return playbook.decision.rollback.nodes.get(self.place) if self.status == "asking" else None

    def answered(self, playbook: Playbook, given: GivenAnswer) -> "Walk":
        """The walk after an answer to its open question.

        Raises SupersededError when another question is open by now, RefusedError for an answer
        that the question does not have.
        """
        question = self.question(playbook)
        if question is None or given.question != self.place:
            raise SupersededError("This question has been answered already")
        if given.answer not in question.answers:
            raise RefusedError(f"“{given.answer}” is not an answer of this question")
        place = question.answers[given.answer].goto
        concluded = place in playbook.decision.rollback.outcomes
        return self._next(
            place=place,
            answers=(*self.answers, given),
            status="concluded" if concluded else "asking",
            measured=None,
        )

    def stepped_back(self) -> "Walk":
        """The walk before its last answer; an overruling is taken back first.

        Raises RefusedError at the first question, SupersededError when the walk is closed.
        """
        self._still_undecided()
        if self.overruling is not None:
            return self._next(overruling=None, preview=None)
        if not self.answers:
            raise RefusedError("This is the first question; there is nothing to go back to")
        last = self.answers[-1]
        return self._next(
            place=last.question, answers=self.answers[:-1], status="asking", measured=None, preview=None
        )

    def overruled(self, playbook: Playbook, overruling: Overruling) -> "Walk":
        """The walk with a person's decision over the verdict.

        Raises RefusedError without a reason, for an unknown plan, or before there is a verdict.
        """
        self._still_undecided()
        if self.status != "concluded":
            raise RefusedError("There is no verdict yet to overrule; answer the question first")
        if not overruling.reason.strip():
            raise RefusedError("Overruling the verdict takes a reason", field="reason")
        if overruling.plan is not None and overruling.plan not in playbook.plans:
            raise RefusedError(f"There is no plan “{overruling.plan}”", field="plan")
        decided = self._next(overruling=overruling, preview=None)
        if overruling.plan is not None:
            return decided
        return decided.model_copy(
            update={"status": "watching", "closed_by": overruling.by, "closed_at": overruling.at}
        )

    def watched(self, playbook: Playbook, *, by: Actor, at: datetime) -> "Walk":
        """The walk closed as its verdict says, without a rollback.

        Raises RefusedError when the verdict is to roll back: that takes an overruling with a reason.
        """
        self._still_undecided()
        if self.status != "concluded":
            raise RefusedError("There is no verdict yet; answer the question first")
        if self.verdict(playbook).plan is not None:
            raise RefusedError("The verdict is to roll back; to keep watching takes a reason")
        if self.verdict(playbook).contradicted:
            raise RefusedError("A trigger is met; to keep watching all the same takes a reason")
        return self._next(status="watching", preview=None, closed_by=by, closed_at=at)

    def confirmed(self, *, by: Actor, at: datetime) -> "Walk":
        """The walk closed by a confirmed rollback. Raises RefusedError before there is a verdict."""
        self._still_open()
        if self.status != "concluded":
            raise RefusedError("There is no verdict yet; answer the question first")
        return self._next(status="confirmed", request=None, closed_by=by, closed_at=at)

    def requested(self, request: str) -> "Walk":
        """The walk whose rollback waits for approvals. Raises RefusedError before there is a verdict."""
        self._still_undecided()
        if self.status != "concluded":
            raise RefusedError("There is no verdict yet; answer the question first")
        return self._next(request=request)

    def given_back(self) -> "Walk":
        """The walk back at its verdict, without what waited for approvals."""
        self._still_open()
        return self._next(request=None)

    def verdict(self, playbook: Playbook) -> Verdict:
        """Where the walk led and why. Raises RefusedError before it has led anywhere."""
        outcome = playbook.decision.rollback.outcomes.get(self.place)
        if outcome is None:
            raise RefusedError("There is no verdict yet; answer the question first")
        reasons = verdict_reasons(playbook, self.answers, for_rollback=outcome.rollback is not None)
        if self.overruling is None:
            return Verdict(
                title=outcome.title,
                plan=outcome.rollback,
                reasons=reasons,
                advice=outcome.advice,
                contradicted=outcome.rollback is None and bool(met_triggers(playbook, self.answers)),
            )
        decision = f"{self.overruling.by.name} overruled “{outcome.title}”: {self.overruling.reason}"
        title = "Roll back" if self.overruling.plan else "Keep watching"
        return Verdict(title=title, plan=self.overruling.plan, reasons=(decision, *reasons))

    def _still_open(self) -> None:
        if self.status not in OPEN_WALKS:
            did = "confirmed: the rollback was started" if self.status == "confirmed" else "closed"
            raise SupersededError(f"This walk has been {did} already")

    def _still_undecided(self) -> None:
        self._still_open()
        if self.request is not None:
            raise SupersededError("The rollback waits for approvals", do="Withdraw it first")

    def _next(self, **changes: object) -> "Walk":
        return self.model_copy(update={**changes, "version": self.version + 1})

"""The decision trees of a rollback and of a cutover, as declared."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.playbook.part import Identifier, Part, Text

Severity = Literal["P1", "P2", "P3", "P4"]
YES, NO, UNKNOWN = "yes", "no", "unknown"


class Answer(Part):
    """One answer of a question: what its button says, and where it leads."""

    text: Text
    goto: Identifier
    severity: Severity | None = None


class Question(Part):
    """A node of the tree. `trigger` is the measured side of the question; `claim` is what a yes says."""

    ask: Text
    claim: Text | None = None
    signals: tuple[Identifier, ...] = ()
    trigger: Identifier | None = None
    answers: dict[Identifier, Answer] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _unknown_is_an_answer(self) -> Self:
        if UNKNOWN not in self.answers:
            raise ValueError(f"“I don't know” is always an answer: add answers.{UNKNOWN}")
        return self


class Conclusion(Part):
    """A leaf of the tree: roll back by a plan, or keep watching."""

    title: Text
    rollback: Identifier | None = None
    advice: Text | None = None


class Tree(Part):
    """Questions and outcomes; `start` and each `goto` name one of them."""

    start: Identifier
    nodes: dict[Identifier, Question] = Field(min_length=1)
    outcomes: dict[Identifier, Conclusion] = Field(min_length=1)


class CutoverQuestion(Part):
    """A node of the cutover's tree. `shows` is what stands beside it: measured, not asked."""

    ask: Text
    shows: tuple[Literal["gates", "discrepancies", "rehearsal", "people", "freezes"], ...] = ()
    answers: dict[Identifier, Answer] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _unknown_is_an_answer(self) -> Self:
        if UNKNOWN not in self.answers:
            raise ValueError(f"“I don't know” is always an answer: add answers.{UNKNOWN}")
        if any(answer.severity for answer in self.answers.values()):
            raise ValueError("an answer about a cutover has no severity")
        return self


class CutoverConclusion(Part):
    """A leaf of the cutover's tree. GO with conditions names them; NO-GO takes a new date."""

    title: Text
    verdict: Literal["go", "go-with-conditions", "no-go"]
    conditions: tuple[Text, ...] = Field(default=(), max_length=10)
    advice: Text | None = None

    @model_validator(mode="after")
    def _conditions_where_there_are_some(self) -> Self:
        if (self.verdict == "go-with-conditions") != bool(self.conditions):
            raise ValueError("conditions belong to the verdict go-with-conditions, which has some")
        return self


class CutoverTree(Part):
    """Questions and outcomes; `start` and each `goto` name one of them."""

    start: Identifier
    nodes: dict[Identifier, CutoverQuestion] = Field(min_length=1)
    outcomes: dict[Identifier, CutoverConclusion] = Field(min_length=1)


class Decision(Part):
    """The decision trees of the migration."""

    rollback: Tree
    cutover: CutoverTree | None = None

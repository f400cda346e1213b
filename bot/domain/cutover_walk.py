"""The walk of the cutover's decision tree: answers, one step back, and where it leads."""

from bot.domain.decision import Answered, Decision
from bot.domain.errors import RefusedError, SupersededError
from bot.domain.playbook.decision import CutoverConclusion, CutoverQuestion, CutoverTree


def question(decision: Decision, tree: CutoverTree) -> CutoverQuestion | None:
    """The open question; None when it is concluded, or the approvers are asked."""
    walked = decision.status == "asking" and not decision.conclusion
    return tree.nodes.get(decision.place) if walked else None


def conclusion(decision: Decision, tree: CutoverTree) -> CutoverConclusion:
    """Where the answers led. Raises SupersededError before they have led anywhere."""
    found = tree.outcomes.get(decision.conclusion)
    if found is None:
        raise SupersededError("There is no conclusion any more; see the message as it stands now")
    return found


def fits(decision: Decision, tree: CutoverTree) -> bool:
    """Whether the tree still has every question and answer of this walk, and the place it is at."""
    given = all(
        one.question in tree.nodes and one.answer in tree.nodes[one.question].answers
        for one in decision.answers
    )
    places = tree.outcomes if decision.conclusion else tree.nodes
    return given and (decision.conclusion or decision.place) in places


def answered(decision: Decision, tree: CutoverTree, given: Answered) -> Decision:
    """The walk after an answer to its open question.

    Raises SupersededError when another question is open by now, RefusedError for an answer that the
    question does not have.
    """
    asked = question(decision, tree)
    if asked is None or given.question != decision.place:
        raise SupersededError("This question has been answered already")
    if given.answer not in asked.answers:
        raise RefusedError(f"“{given.answer}” is not an answer of this question")
    goto = asked.answers[given.answer].goto
    outcome = tree.outcomes.get(goto)
    return decision.changed(
        answers=(*decision.answers, given),
        place="" if outcome else goto,
        conclusion=goto if outcome else "",
        conditions=outcome.conditions if outcome else (),
        shown=None,
        checked=False,
    )


def stepped_back(decision: Decision) -> Decision:
    """The walk before its last answer.

    Raises RefusedError at the first question, SupersededError when the approvers are asked already.
    """
    decision.still_undecided()
    if decision.status != "asking":
        raise SupersededError("The approvers are asked already", do="Withdraw it first")
    if not decision.answers:
        raise RefusedError("This is the first question; there is nothing to go back to")
    return decision.changed(
        answers=decision.answers[:-1],
        place=decision.answers[-1].question,
        conclusion="",
        conditions=(),
        shown=None,
        checked=False,
    )

"""How a walk's changes are told: in the timeline, and to the person who came second."""

from bot.domain.playbook.document import Playbook
from bot.domain.walk import Verdict, Walk


def told(kind: str, before: Walk, after: Walk, playbook: Playbook) -> str:
    """The timeline's line for a change of a walk."""
    tree = playbook.decision.rollback
    if kind == "walk.answered":
        given = after.answers[-1]
        question = tree.nodes[given.question]
        said = f"“{question.ask}”: {question.answers[given.answer].text}"
        measured = "; ".join(f"{m.title} {m.text()}" for m in given.measured)
        said = f"{said} (measured: {measured})" if measured else said
        return f"{said}\n*{_summary(after.verdict(playbook))}*" if after.status == "concluded" else said
    if kind == "walk.stepped_back":
        return "stepped back to the verdict" if before.overruling else "took the last answer back"
    if kind == "walk.overruled" and after.overruling is not None:
        decision = (
            f"roll back by plan “{after.overruling.plan}”" if after.overruling.plan else "keep watching"
        )
        return f"overruled the verdict: {decision}. Reason: {after.overruling.reason}"
    return "closed the walk: keep watching"


def _summary(verdict: Verdict) -> str:
    plan = f", plan {verdict.plan}" if verdict.plan else ""
    return f"{verdict.title}{plan}: {'; '.join(verdict.reasons)}" if verdict.reasons else verdict.title


def what_happened(walk: Walk, playbook: Playbook) -> str:
    """What the person who came second is told."""
    if walk.closed_by is not None:
        did = "started the rollback" if walk.status == "confirmed" else "closed this walk"
        return f"{walk.closed_by.name} {did} already"
    if walk.request is not None:
        return "The rollback has been asked for already, and waits for approvals"
    if walk.overruling is not None:
        return f"{walk.overruling.by.name} overruled the verdict already"
    if walk.answers:
        given = walk.answers[-1]
        question = playbook.decision.rollback.nodes[given.question]
        answer = question.answers[given.answer].text
        return f"{given.by.name} answered “{question.ask}” already: {answer}"
    return "The last answer was taken back already"

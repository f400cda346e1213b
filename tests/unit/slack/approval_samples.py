"""Rollbacks that wait for approvals, and reviews, filled with any text at their largest size."""

from collections.abc import Callable, Mapping

from bot.domain.messages.facts import Facts
from bot.domain.messages.review import ReviewFacts
from bot.domain.messages.start_request import RoleCallFacts, StartRequestFacts
from bot.domain.person import Actor
from bot.domain.preview import PlanPreview
from bot.domain.review import Review
from bot.domain.start_request import Approval, StartRequest
from bot.domain.walk import Verdict
from tests.unit.domain.ledger import NOW, after

NAME = "a" * 60


def start_request(text: str, **changes: object) -> StartRequest:
    """A rollback that waits for approvals."""
    made = StartRequest(
        id="0190a3c7e1f24b0aa1b2c3d4e7",
        walk="0190a3c7e1f24b0aa1b2c3d4e6",
        migration=NAME,
        environment=NAME,
        preview="0190a3c7e1f24b0aa1b2c3d4e5",
        digest="d" * 64,
        role=NAME,
        needed=1,
        asked_by=Actor("U1", text),
        asked_at=NOW,
        expires_at=after(600),
    )
    return made.model_copy(update=changes)


def requested(request: StartRequest, shown: PlanPreview) -> StartRequestFacts:
    """Its message."""
    text = request.asked_by.name
    verdict = Verdict(title=text, plan=NAME, reasons=(f"{text}: measured {text}", text), advice=text)
    return StartRequestFacts(
        request=request, version=4, who=f"{NAME} (@{text})", severity="P1", verdict=verdict, preview=shown
    )


def review(text: str, **changes: object) -> Review:
    """The review of a run that somebody started alone."""
    made = Review(
        id="0190a3c7e1f24b0aa1b2c3d4e8",
        run="0190a3c7e1f24b0aa1b2c3d4e5",
        migration=NAME,
        role=NAME,
        broken_by=Actor("U1", text),
        reason=text,
        opened_at=NOW,
    )
    return made.model_copy(update=changes)


def many_approvals(text: str) -> StartRequest:
    """A request with as many approvals as there can be before the last one, and as many that do not count."""
    return start_request(
        text,
        needed=20,
        approvals=tuple(Approval(by=Actor(f"U{number}", text), at=NOW) for number in range(19)),
        dropped=tuple(Actor(f"W{number}", text) for number in range(20)),
    )


def approval_messages(preview: Callable[[str], PlanPreview]) -> Mapping[str, Callable[[str], Facts]]:
    """Every kind of message of these, over previews made so."""
    return {
        "approvals asked for": lambda text: requested(start_request(text), preview(text)),
        "approvals given and dropped": lambda text: requested(many_approvals(text), preview(text)),
        "review": lambda text: ReviewFacts(review=review(text)),
        "review closed": lambda text: ReviewFacts(
            review=review(text, closed_by=Actor("U2", text), closed_at=NOW, note=text)
        ),
        "role without others called": lambda text: RoleCallFacts(text=text * 4, people=()),
    }

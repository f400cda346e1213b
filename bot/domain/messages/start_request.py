"""Facts of a rollback that waits for approvals, and of the call to those who may give them."""

from typing import ClassVar

from bot.domain.messages.facts import Facts
from bot.domain.preview import PlanPreview
from bot.domain.start_request import StartRequest
from bot.domain.walk import Verdict


class StartRequestFacts(Facts):
    """A start request in its walk's message. `version` is the walk's; `who` is how the role is named."""

    kind: ClassVar[str] = "walk.requested"
    request: StartRequest
    version: int
    who: str
    severity: str | None
    verdict: Verdict
    preview: PlanPreview


class RoleCallFacts(Facts):
    """A text for these people to act on, by their ids. Everyone is mentioned."""

    kind: ClassVar[str] = "role.call"
    text: str
    people: tuple[str, ...]

"""A criterion that rests on a document or a link being there."""

from dataclasses import dataclass

from bot.domain.gates.asked import Asked
from bot.domain.gates.board import CriterionResult
from bot.domain.playbook.criteria import DocumentPresent

LINKS = ("http://", "https://")


@dataclass(frozen=True)
class DocumentSeen:
    """What was found when it was looked for now. `there` is None when that cannot be known.

    `said` is what was found in words; `digest` is that of a file's content, empty for a link.
    """

    there: bool | None
    said: str
    digest: str = ""


def document_present(asked: Asked, criterion: DocumentPresent, seen: DocumentSeen) -> CriterionResult:
    """It is there now."""
    how = "link asked now" if is_link(criterion.document) else "file looked for now"
    if seen.there is None:
        return asked.unknown(seen.said, how=how)
    return asked.settled(
        seen.there,
        seen.said,
        how=how,
        as_of=asked.now,
        allowed=None,
        evidence=(f"document:{criterion.document}:{seen.digest}",),
    )


def is_link(document: str) -> bool:
    """Whether it is a link and no file."""
    return document.lower().startswith(LINKS)

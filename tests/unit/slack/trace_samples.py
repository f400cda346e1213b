"""Messages that leave a trace, filled with any text."""

from collections.abc import Callable, Mapping
from datetime import date

from bot.domain.messages.facts import Facts
from bot.domain.messages.trace import AuditAnchorFacts, PlaybookChangedFacts, PlaybooksApartFacts
from tests.unit.domain.ledger import NOW


def changed(text: str, *, count: int) -> PlaybookChangedFacts:
    return PlaybookChangedFacts(
        migration="a" * 60,
        title=text,
        at=NOW,
        number=12,
        before="a" * 64,
        after="b" * 64,
        changes=tuple(f"gate {number}: {text}" for number in range(count)),
    )


def apart(text: str) -> PlaybooksApartFacts:
    return PlaybooksApartFacts(
        migration="a" * 60,
        title=text,
        at=NOW,
        replica=text,
        digest="a" * 64,
        other_replica=text,
        other_digest="b" * 64,
    )


TRACES: Mapping[str, Callable[[str], Facts]] = {
    "playbook changed": lambda text: changed(text, count=2),
    "playbook changed in everything": lambda text: changed(text, count=300),
    "playbook changed in its text": lambda text: changed(text, count=0),
    "playbooks apart": apart,
    "audit anchor": lambda _text: AuditAnchorFacts(day=date(2026, 3, 14), number=812, digest="a" * 64),
}

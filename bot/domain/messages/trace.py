"""Facts of what leaves a trace outside of the database: changed playbooks, and where the audit log stands."""

from datetime import date, datetime
from typing import ClassVar

from bot.domain.messages.facts import Facts


class PlaybookChangedFacts(Facts):
    """A playbook that is another one than it was. `changes` are in words; none where only its text is."""

    kind: ClassVar[str] = "playbook.changed"
    migration: str
    title: str
    at: datetime
    number: int
    before: str
    after: str
    changes: tuple[str, ...]


class PlaybooksApartFacts(Facts):
    """Two replicas that run with different playbooks, each with the digest of its own."""

    kind: ClassVar[str] = "playbook.apart"
    migration: str
    title: str
    at: datetime
    replica: str
    digest: str
    other_replica: str
    other_digest: str


class AuditAnchorFacts(Facts):
    """Where the audit log stands: its last entry, by which it can be told from another one later."""

    kind: ClassVar[str] = "audit.anchor"
    day: date
    number: int
    digest: str

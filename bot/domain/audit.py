"""The audit log's hash chain: each entry holds the digest of the one before it."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, JsonValue

GENESIS = "0" * 64
DIGEST = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class AuditEntry:
    """One entry: who did what to what, when (UTC, ISO 8601), with which facts."""

    number: int
    at: str
    actor: str
    kind: str
    subject: str
    facts: Mapping[str, JsonValue]
    previous: str

    def digest(self) -> str:
        """SHA-256 over the entry and the digest before it, in hex."""
        content = [self.number, self.at, self.actor, self.kind, self.subject, self.facts, self.previous]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def broken_links(entries: Iterable[tuple[AuditEntry, str]]) -> list[str]:
    """What is wrong with a chain of (entry, recorded digest) in order; empty when it is whole."""
    problems: list[str] = []
    previous, number = GENESIS, 0
    for entry, recorded in entries:
        if entry.number > number + 1:
            problems.append(f"entry {number + 1} is missing before entry {entry.number}")
        elif entry.number <= number:
            problems.append(f"entry {entry.number} stands after entry {number}")
        if entry.previous != previous:
            problems.append(f"entry {entry.number} does not follow the entry before it")
        if entry.digest() != recorded:
            problems.append(f"entry {entry.number} was changed after it was written")
        previous, number = recorded, entry.number
    return problems


@dataclass(frozen=True)
class Anchored:
    """An entry of the chain as somebody keeps it outside of the log. `called` says whose it is."""

    number: int
    digest: str
    called: str = "the anchor given"

    @classmethod
    def parse(cls, text: str) -> "Anchored":
        """`812:5f3c…`, as it is posted. Raises ValueError."""
        number, _, digest = text.strip().partition(":")
        if not (number.isdecimal() and DIGEST.fullmatch(digest)):
            raise ValueError("an anchor is the number of an entry, a colon, and its digest of 64 characters")
        return cls(int(number), digest.lower())


class AuditAnchor(BaseModel):
    """Where the chain stood on a day, in UTC: its last entry's number and digest, posted where it is kept.

    Who rewrites the log has other digests from there on, whatever they do to the database.
    """

    model_config = ConfigDict(frozen=True)
    day: date
    number: int
    digest: str
    at: datetime

    @property
    def anchored(self) -> Anchored:
        """The entry that the chain has to go through."""
        return Anchored(self.number, self.digest, f"the anchor of {self.day}")


def lost_anchors(digests: Mapping[int, str], anchors: Iterable[Anchored]) -> list[str]:
    """Which anchors a chain does not go through. `digests` are recorded, by their entry's number."""
    problems = []
    for anchor in anchors:
        if anchor.number not in digests:
            problems.append(f"entry {anchor.number} of {anchor.called} is not in the log")
        elif digests[anchor.number] != anchor.digest:
            what = f"entry {anchor.number} is another one than that of {anchor.called}"
            problems.append(f"{what}: the log was rewritten")
    return problems

"""The audit log's hash chain: each entry holds the digest of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

GENESIS = "0" * 64


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

"""A playbook as it was read: the document, where it came from, and the digest of its text."""

from dataclasses import dataclass
from pathlib import Path

from bot.domain.playbook.document import Playbook


@dataclass(frozen=True)
class LoadedPlaybook:
    """`folder` is where relative paths count from; `digest` is the SHA-256 of the file, in hex."""

    playbook: Playbook
    folder: Path
    digest: str

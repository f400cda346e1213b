"""Whether a document is there."""

from pathlib import Path
from typing import Protocol

from bot.domain.gates.documents import DocumentSeen


class LooksForDocuments(Protocol):
    """Looks for files in a playbook's folder, and asks links."""

    async def look(self, folder: Path, document: str) -> DocumentSeen:
        """What is found now. What cannot be known is said so, never an exception; no file outside of the
        folder is looked at."""

"""Files of a playbook's folder, and links, as evidence of gates."""

import asyncio
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot.domain.gates.documents import DocumentSeen, is_link
from bot.domain.gates.words import count as counted
from bot.domain.gates.words import day_text
from bot.ports.clock import Clock
from bot.signals.http_get import Answer, NotAsked, timed_get

LINK_SECONDS = 5.0


class Documents:
    """Implements `bot.ports.documents.LooksForDocuments`."""

    def __init__(self, *, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def look(self, folder: Path, document: str) -> DocumentSeen:
        """What is found now; no file outside of the folder is looked at."""
        if is_link(document):
            return await self._link(document)
        return await asyncio.to_thread(_file, folder, document)

    async def _link(self, link: str) -> DocumentSeen:
        answer = await timed_get(self._session, link, seconds=LINK_SECONDS, clock=self._clock, whole=False)
        if isinstance(answer, Answer):
            there = 200 <= answer.status < 400
            return DocumentSeen(there, f"the link answers with HTTP {answer.status}")
        asked = "could not be asked" if isinstance(answer, NotAsked) else "does not answer"
        return DocumentSeen(None, f"the link {asked}: {answer.reason}")


def _file(folder: Path, document: str) -> DocumentSeen:
    """A file inside the folder, links of the file system followed."""
    inside = folder.resolve()
    try:
        file = (inside / document).resolve()
        if not file.is_relative_to(inside):
            return DocumentSeen(False, "outside of the playbook's folder")
        if not file.is_file():
            return DocumentSeen(False, "there is no such file in the playbook's folder")
        content, changed = file.read_bytes(), file.stat().st_mtime
    except (OSError, ValueError) as error:
        return DocumentSeen(None, f"it cannot be read: {getattr(error, 'strerror', None) or error}")
    if not content:
        return DocumentSeen(False, "the file is empty")
    digest, day = hashlib.sha256(content).hexdigest(), day_text(datetime.fromtimestamp(changed, UTC))
    return DocumentSeen(True, f"{counted(len(content), 'byte')}, changed {day}", digest)

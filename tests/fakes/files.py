"""A maker of files, and the facts that it makes them of."""

import asyncio
from typing import ClassVar

from bot.domain.messages.facts import Facts
from bot.ports.files import File, NoFile
from bot.slack.files import Files


class ExportFacts(Facts):
    """What to export."""

    kind: ClassVar[str] = "export"
    check: str


class FakeExports:
    """Makes a file of each export. `instead` is told or raised in its place; `asked` counts.

    `ready` is set; while it is cleared, nobody gets a file. `begun` is set when somebody has asked.
    """

    def __init__(self) -> None:
        self.instead: NoFile | Exception | None = None
        self.data = b"key,legacy,new\n1,2,3\n"
        self.comment = "1 row differs"
        self.asked = 0
        self.begun = asyncio.Event()
        self.ready = asyncio.Event()
        self.ready.set()

    async def make(self, facts: ExportFacts) -> File | NoFile:
        self.asked += 1
        self.begun.set()
        await self.ready.wait()
        if isinstance(self.instead, Exception):
            raise self.instead
        if self.instead is not None:
            return self.instead
        return File(
            name=f"{facts.check}.csv", title=f"Rows of {facts.check}", data=self.data, comment=self.comment
        )

    def files(self) -> Files:
        """The kinds of files, with this one bound."""
        files = Files()
        files.bind(ExportFacts, self.make)
        return files

"""Walks to be pressed: one for each environment of a playbook, opened by the product's own services."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.app import Switchback, switchback
from bot.domain.person import Actor
from bot.settings import Settings
from bot.slack.action_ids import ANSWER, BACK, Shown
from bot.store.sqlite import SqliteDatabase

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "planwise" / "playbook.yml"
MIGRATION, ANSWERED = "planwise", "p2"
_PRODUCTION = re.compile(r"^  production:\n((?:    .*\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Button:
    """A button as it is pressed."""

    action_id: str
    value: str


@dataclass
class PressedWalks:
    """The walks and how often each was pressed: answered, then stepped back, and so on.

    `rows` is what the transaction of a press writes, the same for both kinds of press.
    """

    walks: tuple[str, ...]
    rows: int
    versions: dict[str, int] = field(default_factory=dict)
    _next: int = 0

    def press(self) -> Button:
        """The next press, of the next walk in its present version."""
        walk = self.walks[self._next % len(self.walks)]
        self._next += 1
        version = self.versions[walk]
        self.versions[walk] += 1
        return Button(f"{ANSWER}:{ANSWERED}" if version % 2 else BACK, str(Shown(walk, version)))

    def check(self, database: Path) -> None:
        """Raises RuntimeError unless each press changed its walk, once."""
        with closing(sqlite3.connect(database)) as connection:
            found = dict(connection.execute("SELECT id, version FROM walks").fetchall())
        wrong = [walk for walk, version in self.versions.items() if found.get(walk) != version]
        if wrong:
            raise RuntimeError(f"{len(wrong)} of {len(self.walks)} walks are not as they were pressed")


def write_playbook(folder: Path, *, walks: int) -> None:
    """The planwise example with an environment for each walk.

    Nothing answers behind its signals: port 9 of the loopback refuses, so each is measured as unknown.
    """
    text = EXAMPLE.read_text(encoding="utf-8")
    production = _PRODUCTION.search(text)
    if production is None:
        raise RuntimeError(f"{EXAMPLE} has no production environment to be copied")
    values = production.group(1)
    environments = "".join(f"  bench-{number}:\n{values}" for number in range(walks))
    text = text[: production.end()] + environments + text[production.end() :]
    for port in (8711, 8712, 8713):
        text = text.replace(f"127.0.0.1:{port}/", "127.0.0.1:9/")
    target = folder / MIGRATION / "playbook.yml"
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")


async def open_walks(settings: Settings, *, walks: int, actor: Actor) -> PressedWalks:
    """Open the walks in the running bot's database, and count the rows of one press of each kind."""
    async with switchback(settings) as joined:
        service = joined.services.walks
        opened = [
            await service.open(MIGRATION, environment=f"bench-{number}", actor=actor)
            for number in range(walks)
        ]
        first = opened[0].id
        with _rows_written(joined) as answering:
            await service.answer(first, version=1, answer=ANSWERED, actor=actor)
        with _rows_written(joined) as stepping_back:
            await service.step_back(first, version=2, actor=actor)
    versions = {walk.id: walk.version for walk in opened} | {first: 3}
    if answering.count != stepping_back.count:
        raise RuntimeError(f"an answer writes {answering.count} rows, a step back {stepping_back.count}")
    return PressedWalks(tuple(versions), answering.count, versions)


@dataclass
class _Written:
    count: int = 0


@contextmanager
def _rows_written(joined: Switchback) -> Iterator[_Written]:
    """Count the rows that statements insert, update or delete meanwhile."""
    written = _Written()

    def executed(
        _connection: sa.Connection, cursor: Any, _statement: str, _given: object, context: Any, _many: bool
    ) -> None:
        if context.isinsert:
            written.count += 1
        elif context.isupdate or context.isdelete:
            written.count += cursor.rowcount

    database = joined.store.database
    if not isinstance(database, SqliteDatabase):
        raise RuntimeError("rows are counted in an SQLite database alone")
    sa.event.listen(database.engine, "after_cursor_execute", executed)
    try:
        yield written
    finally:
        sa.event.remove(database.engine, "after_cursor_execute", executed)

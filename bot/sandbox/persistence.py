"""Messages, files and memberships on disk, written through so that kill -9 loses none that was answered."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.sandbox.json_values import JsonObject, as_object, dump, parse


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message. `body` is Slack's message object; `ephemeral_for` the only one who sees it."""

    channel: str
    ts: str
    body: JsonObject
    ephemeral_for: str | None = None


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file. `body` is Slack's file object without its links, which are those of wherever it is served."""

    id: str
    body: JsonObject
    data: bytes


class Storage(Protocol):
    """Where messages, files and the channels that the app joined are kept between two lives."""

    def load(self) -> list[Message]: ...

    def save(self, message: Message) -> None: ...

    def remove(self, *, channel: str, ts: str) -> None: ...

    def files(self) -> list[StoredFile]: ...

    def save_file(self, file: StoredFile) -> None: ...

    def joined(self) -> set[str]: ...

    def join(self, channel: str) -> None: ...

    def clear(self) -> None: ...

    def last_ts(self) -> int:
        """The newest time stamp ever given out, in microseconds, deleted messages included."""
        ...

    def close(self) -> None: ...


class NoStorage:
    """Keeps nothing."""

    def load(self) -> list[Message]:
        return []

    def save(self, message: Message) -> None:
        del message

    def remove(self, *, channel: str, ts: str) -> None:
        del channel, ts

    def files(self) -> list[StoredFile]:
        return []

    def save_file(self, file: StoredFile) -> None:
        del file

    def joined(self) -> set[str]:
        return set()

    def join(self, channel: str) -> None:
        del channel

    def clear(self) -> None:
        pass

    def last_ts(self) -> int:
        return 0

    def close(self) -> None:
        pass


_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    channel TEXT NOT NULL, ts TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (channel, ts));
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, body TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS memberships (channel TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS counter (
    id INTEGER PRIMARY KEY CHECK (id = 1), last_ts INTEGER NOT NULL);
INSERT OR IGNORE INTO counter VALUES (1, 0);
"""


class SqliteStorage:
    """Keeps them in an SQLite file; ephemeral messages are not kept, as in Slack."""

    def __init__(self, *, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # NORMAL survives the death of the process; only a power cut can lose the last commits.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)

    def load(self) -> list[Message]:
        rows = self._connection.execute("SELECT channel, ts, body FROM messages ORDER BY ts")
        return [Message(channel=channel, ts=ts, body=as_object(parse(body))) for channel, ts, body in rows]

    def save(self, message: Message) -> None:
        with self._connection:
            if message.ephemeral_for is None:
                self._connection.execute(
                    "INSERT OR REPLACE INTO messages VALUES (?, ?, ?)",
                    (message.channel, message.ts, dump(message.body)),
                )
            self._connection.execute(
                "UPDATE counter SET last_ts = max(last_ts, ?)",
                (int(message.ts.replace(".", "")),),
            )

    def remove(self, *, channel: str, ts: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM messages WHERE channel = ? AND ts = ?", (channel, ts))

    def files(self) -> list[StoredFile]:
        rows = self._connection.execute("SELECT id, body, data FROM files")
        return [StoredFile(id=id_, body=as_object(parse(body)), data=data) for id_, body, data in rows]

    def save_file(self, file: StoredFile) -> None:
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (file.id, dump(file.body), file.data)
            )

    def joined(self) -> set[str]:
        return {channel for (channel,) in self._connection.execute("SELECT channel FROM memberships")}

    def join(self, channel: str) -> None:
        with self._connection:
            self._connection.execute("INSERT OR IGNORE INTO memberships VALUES (?)", (channel,))

    def clear(self) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM messages")
            self._connection.execute("DELETE FROM files")
            self._connection.execute("DELETE FROM memberships")

    def last_ts(self) -> int:
        (last,) = self._connection.execute("SELECT last_ts FROM counter").fetchone()
        return int(last)

    def close(self) -> None:
        self._connection.close()

"""Messages: time stamps, threads, and their life on disk."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.messages import MessageStore
from bot.sandbox.persistence import Message, NoStorage, SqliteStorage
from tests.unit.sandbox.fixed_inputs import FixedClock


def store(clock: FixedClock | None = None) -> MessageStore:
    return MessageStore(clock=clock or FixedClock(), storage=NoStorage())


@given(st.lists(st.floats(min_value=-10, max_value=10), min_size=1, max_size=20))
def test_time_stamps_increase_even_when_the_clock_stands_or_goes_back(moves: list[float]) -> None:
    clock = FixedClock()
    messages = store(clock)
    stamps = []
    for move in moves:
        clock.time += move
        stamps.append(messages.add(channel="C1", fields={"text": "x"}).ts)
    assert stamps == sorted(set(stamps), key=float)
    assert len(stamps) == len(moves)


def test_a_message_with_replies_carries_the_threads_figures() -> None:
    messages = store()
    root = messages.add(channel="C1", fields={"user": "U1", "text": "root"})
    assert "reply_count" not in messages.object_of(root)
    messages.add(channel="C1", fields={"user": "U2", "text": "a", "thread_ts": root.ts})
    last = messages.add(channel="C1", fields={"user": "U1", "text": "b", "thread_ts": root.ts})
    shown = messages.object_of(root)
    assert shown["reply_count"] == 2
    assert shown["reply_users"] == ["U2", "U1"]
    assert shown["latest_reply"] == last.ts
    assert shown["thread_ts"] == root.ts


def test_listeners_hear_of_the_root_again_when_a_reply_comes_or_goes() -> None:
    messages = store()
    root = messages.add(channel="C1", fields={"text": "root"})
    heard: list[tuple[str, bool]] = []
    messages.on_change(lambda message, deleted: heard.append((message.ts, deleted)))
    reply = messages.add(channel="C1", fields={"text": "a", "thread_ts": root.ts})
    messages.remove(reply)
    assert heard == [(reply.ts, False), (root.ts, False), (reply.ts, True), (root.ts, False)]


def test_an_ephemeral_message_is_seen_by_its_person_alone() -> None:
    messages = store()
    hidden = messages.add(channel="C1", fields={"text": "x"}, ephemeral_for="U1")
    assert messages.seen_by("C1", "U1") == [hidden]
    assert messages.seen_by("C1", "U2") == []
    assert messages.posted("C1") == []


def test_messages_on_disk_are_there_without_a_clean_end(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    first = SqliteStorage(path=path)
    messages = MessageStore(clock=FixedClock(), storage=first)
    kept = messages.add(channel="C1", fields={"text": "kept"})
    changed = messages.change(kept, {"text": "changed"})
    gone = messages.add(channel="C1", fields={"text": "gone"})
    messages.remove(gone)
    messages.add(channel="C1", fields={"text": "x"}, ephemeral_for="U1")
    second = SqliteStorage(path=path)
    again = MessageStore(clock=FixedClock(now=0), storage=second)
    assert again.posted("C1") == [Message(channel="C1", ts=kept.ts, body={**changed.body, "text": "changed"})]
    assert float(again.add(channel="C1", fields={"text": "new"}).ts) > float(gone.ts)
    first.close()
    second.close()

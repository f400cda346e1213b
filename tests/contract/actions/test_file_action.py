"""What the file adapter promises beyond the contract."""

import asyncio
import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import JsonValue, ValidationError

from actions.atomic_file import replacing
from actions.file_parameters import FileParameters
from actions.in_thread import Stop
from tests.contract.actions.case import Case, Given, until


def copy(source: str, target: str, *, sqlite: bool = False) -> Given:
    return {"copy": {"from": source, "to": target, "sqlite": sqlite}}


def text(path: Path) -> str:
    return path.read_text()


def leftovers(folder: Path) -> list[Path]:
    return list(folder.glob(".switchback-*"))


class BusyWriter:
    """Moves money between two accounts without a pause: the sum is 100 at every moment."""

    def __init__(self, path: Path, *, mode: str) -> None:
        self._path = path
        self._end = threading.Event()
        self.moves = 0
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA journal_mode = {mode}")
            connection.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY, amount INTEGER, ballast BLOB)")
            connection.execute("INSERT INTO accounts VALUES (1, 100, NULL)")
            connection.execute("BEGIN")
            rows = ((number,) for number in range(2, 1500))
            connection.executemany("INSERT INTO accounts VALUES (?, 0, zeroblob(4000))", rows)
            connection.execute("COMMIT")

    def run(self) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=30)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            while not self._end.is_set():
                other = 2 + self.moves % 1498
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE accounts SET amount = amount - 1 WHERE id = 1")
                connection.execute("UPDATE accounts SET amount = amount + 1 WHERE id = ?", (other,))
                connection.execute("COMMIT")
                self.moves += 1

    def has_moved_since(self, moves: int) -> bool:
        return self.moves > moves

    def end(self) -> None:
        self._end.set()


def balance(path: Path) -> tuple[int, int]:
    """The sum of all accounts, and how many moves are in it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (total,) = connection.execute("SELECT sum(amount) FROM accounts").fetchone()
        (first,) = connection.execute("SELECT amount FROM accounts WHERE id = 1").fetchone()
        return total, 100 - first


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
async def test_a_copy_of_a_database_that_is_written_to_holds_one_moment_of_it(files: Case, mode: str) -> None:
    writer = await asyncio.to_thread(BusyWriter, files.folder / "busy.db", mode=mode)
    thread = asyncio.create_task(asyncio.to_thread(writer.run))
    try:
        await until(lambda: writer.moves > 10)
        for target in ("one.db", "two.db"):
            before = writer.moves
            outcome = await files.act(copy("busy.db", target, sqlite=True))
            assert outcome.status == "succeeded", outcome
            total, moves = await asyncio.to_thread(balance, files.folder / target)
            assert (total, moves >= before) == (100, True)
            await until(partial(writer.has_moved_since, before))
    finally:
        writer.end()
        await thread
    assert not leftovers(files.folder)


async def test_a_copy_that_is_cancelled_leaves_the_target_as_it_was_and_nothing_beside_it(
    files: Case,
) -> None:
    (files.folder / "late.db").write_text("as it was")
    before = files.state()
    cancelled = asyncio.Event()
    running = asyncio.create_task(files.act(files.slow, files.context(seconds=100, cancelled=cancelled)))
    await until(files.under_way)
    cancelled.set()
    outcome = await running
    assert outcome.status == "failed"
    assert "the target is as it was" in outcome.summary
    assert files.state() == before


async def test_the_record_beside_a_copied_database_tells_of_it(files: Case) -> None:
    outcome = await files.act(copy("legacy.db", "kept.db", sqlite=True))
    record = json.loads(text(files.folder / "kept.db.json"))
    found = sha256((files.folder / "kept.db").read_bytes()).hexdigest()
    assert record["sha256"] == found
    assert (record["run_id"], record["step_id"]) == (files.run_id, "step-1")
    assert found in {piece.text for piece in outcome.evidence}


async def test_a_copied_database_of_another_run_or_step_is_not_this_ones(files: Case) -> None:
    given = copy("legacy.db", "kept.db", sqlite=True)
    await files.act(given)
    for other in (replace(files.context(), run_id="01OTHER"), replace(files.context(), step_id="step-2")):
        assert (await files.probe(given, other)).done == "no"
    (files.folder / "kept.db.json").write_text("not ours")
    assert (await files.probe(given)).done == "no"


async def test_a_copied_database_that_was_changed_since_is_unknown(files: Case) -> None:
    given = copy("legacy.db", "kept.db", sqlite=True)
    await files.act(given)
    with closing(sqlite3.connect(files.folder / "kept.db")) as connection, connection:
        connection.execute("INSERT INTO routes VALUES ('written after the copy')")
    assert (await files.probe(given)).done == "unknown"


async def test_a_probe_of_a_plain_copy_compares_it_with_the_source(files: Case) -> None:
    (files.folder / "a").write_text("1")
    given = copy("a", "b")
    assert (await files.probe(given)).done == "no"
    await files.act(given)
    assert (await files.probe(given)).done == "yes"
    (files.folder / "a").write_text("2")
    assert (await files.probe(given)).done == "no"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (copy("absent", "b"), "is not a file"),
        (copy("legacy.db", "b"), "Write sqlite: true"),
        (copy("legacy.db", "legacy.db", sqlite=True), "the same file"),
        (copy("plain", "in-use.db"), "a database in use"),
        ({"present": {"path": "absent"}}, "is not there"),
    ],
)
async def test_what_would_do_harm_or_cannot_be_done_is_refused_before_and_in_the_act(
    files: Case, given: Given, problem: str
) -> None:
    (files.folder / "plain").write_text("new content")
    (files.folder / "in-use.db").write_text("old content")
    (files.folder / "in-use.db-wal").write_text("not yet in it")
    before = files.state()
    preview, outcome = await files.preview(given), await files.act(given)
    assert (preview.ready, outcome.status) == (False, "failed")
    assert problem in preview.problem
    assert problem in outcome.summary
    assert files.state() == before


async def test_a_target_without_a_folder_is_seen_in_the_preview(files: Case) -> None:
    given: Given = {"write": {"path": "absent/route", "text": "legacy"}}
    preview, outcome = await files.preview(given), await files.act(given)
    assert (preview.ready, outcome.status) == (False, "failed")
    assert "the folder" in preview.problem


async def test_a_disk_that_is_too_small_is_seen_in_the_preview(
    files: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.file_look.free_bytes", lambda folder: 10)
    preview = await files.preview(copy("legacy.db", "kept.db", sqlite=True))
    assert not preview.ready
    assert "has 10 bytes left" in preview.problem


async def test_a_preview_tells_what_would_be_replaced(files: Case) -> None:
    (files.folder / "route").write_text("new\n")
    given: Given = {"write": {"path": "route", "text": "legacy\n"}}
    preview = await files.preview(given)
    assert "replaces the file there (4 bytes)" in preview.effect
    assert preview.exact == "write route\nlegacy\n"


async def test_a_damaged_source_does_not_replace_a_good_copy(files: Case) -> None:
    await files.act(copy("legacy.db", "kept.db", sqlite=True))
    kept = (files.folder / "kept.db").read_bytes()
    with closing(sqlite3.connect(files.folder / "broken.db")) as connection, connection:
        connection.execute("CREATE TABLE t (x PRIMARY KEY)")
        connection.executemany("INSERT INTO t VALUES (?)", [(f"row {number}" * 20,) for number in range(500)])
    broken = bytearray((files.folder / "broken.db").read_bytes())
    broken[8192:12288] = b"\xff" * 4096
    (files.folder / "broken.db").write_bytes(broken)
    outcome = await files.act(copy("broken.db", "kept.db", sqlite=True))
    assert outcome.status == "failed"
    assert "damaged" in outcome.summary
    assert (files.folder / "kept.db").read_bytes() == kept
    assert not leftovers(files.folder)


async def test_a_source_that_grows_while_it_is_copied_is_a_failure(
    files: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = files.folder / "growing"
    source.write_text("some")

    def grow(_stop: Stop) -> None:
        source.write_text("some more")

    monkeypatch.setattr(Stop, "check", grow)
    outcome = await files.act(copy("growing", "copy"))
    assert outcome.status == "failed"
    assert "was changed while it was copied" in outcome.summary
    assert not (files.folder / "copy").exists()


def permissions(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_a_replaced_file_keeps_its_permissions_and_a_link_its_place(files: Case) -> None:
    (files.folder / "real").mkdir()
    real = files.folder / "real" / "route"
    real.write_text("new")
    real.chmod(0o640)
    (files.folder / "route").symlink_to(real)
    await files.act({"write": {"path": "route", "text": "legacy"}})
    assert (files.folder / "route").is_symlink()
    assert (text(real), permissions(real)) == ("legacy", 0o640)


async def test_a_new_copy_has_the_permissions_of_its_source(files: Case) -> None:
    (files.folder / "private").write_text("x")
    (files.folder / "private").chmod(0o600)
    await files.act(copy("private", "copy"))
    assert permissions(files.folder / "copy") == 0o600


async def test_what_an_attempt_that_was_killed_left_behind_is_removed(files: Case) -> None:
    given: Given = {"write": {"path": "route", "text": "legacy"}}
    abandoned = replacing(files.folder / "route", files.context(nonce="n0"))
    abandoned.__enter__()
    assert leftovers(files.folder)
    assert (await files.act(given, files.context(nonce="n1"))).status == "succeeded"
    assert not leftovers(files.folder)
    with pytest.raises(FileNotFoundError):
        abandoned.__exit__(None, None, None)
    assert text(files.folder / "route") == "legacy"


async def test_a_written_json_document_can_be_read_again(files: Case) -> None:
    document: JsonValue = {"route": "legacy", "note": "zurück", "weights": [1, 0]}
    given: Given = {"write": {"path": "route.json", "json": document}}
    assert (await files.probe(given)).done == "no"
    await files.act(given)
    assert json.loads(text(files.folder / "route.json")) == document
    assert (await files.probe(given)).done == "yes"
    (files.folder / "route.json").write_text("{}")
    assert (await files.probe(given)).done == "no"


async def test_a_file_that_has_to_be_there_is_known_by_its_digest(files: Case) -> None:
    (files.folder / "a").write_text("content")
    right, wrong = sha256(b"content").hexdigest(), sha256(b"other").hexdigest()
    for digest, status, done in (
        (None, "succeeded", "yes"),
        (right, "succeeded", "yes"),
        (wrong, "failed", "no"),
    ):
        given: Given = {"present": {"path": "a", "sha256": digest}}
        assert ((await files.act(given)).status, (await files.probe(given)).done) == (status, done)


async def test_a_run_id_that_is_not_ours_never_becomes_part_of_a_path(files: Case) -> None:
    context = replace(files.context(), run_id="../../etc")
    given = copy("legacy.db", "kept-{run_id}.db", sqlite=True)
    before = files.state()
    preview, outcome = await files.preview(given, context), await files.act(given, context)
    assert (preview.ready, outcome.status) == (False, "failed")
    assert (await files.probe(given, context)).done == "unknown"
    assert files.state() == before


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"present": {"path": "a"}, "write": {"path": "a", "text": "b"}},
        {"write": {"path": "a"}},
        {"write": {"path": "a", "text": "b", "json": 1}},
        {"present": {"path": "a", "sha256": "abc"}},
        copy("a", "b-{user}"),
        copy("a", "b-{run_id}-{"),
    ],
)
def test_a_work_that_is_not_exactly_one_is_an_error(given: Given) -> None:
    with pytest.raises(ValidationError):
        FileParameters.model_validate(given)

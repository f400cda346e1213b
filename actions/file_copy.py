"""Copying a file, and telling whether the copy there is the one that was to be made."""

import json
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from actions.atomic_file import digest, replacing
from actions.file_parameters import Copy, located
from actions.in_thread import Stop
from actions.sqlite_copy import check_integrity, companions, copy_database, is_database
from bot.domain.errors import RefusedError, SourceError
from bot.ports.action import ActionContext

_PIECE = 1 << 20


@dataclass(frozen=True)
class Made:
    """A file that is there: its digest (SHA-256, hex) and its size in bytes."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class Places:
    """Where a copy comes from and goes to. `record` is the file beside a copied database that tells of it."""

    source: Path
    target: Path
    sqlite: bool

    @property
    def record(self) -> Path:
        """`<target>.json`"""
        return self.target.with_name(f"{self.target.name}.json")

    @property
    def size(self) -> int:
        """Bytes the copy may take, at most about."""
        return sum(path.stat().st_size for path in (self.source, *companions(self.source)))


def places(copy: Copy, context: ActionContext) -> Places:
    """The places of a copy. Raises RefusedError."""
    return Places(located(copy.from_, context), located(copy.to, context), copy.sqlite)


def check_copy(where: Places) -> None:
    """Raises RefusedError when this copy is not to be made, and OSError when a file cannot be read."""
    if not where.source.is_file():
        raise RefusedError(f"{where.source} is not a file", do="Check from")
    if where.source == where.target:
        raise RefusedError("from and to are the same file", do="Check from and to")
    if is_database(where.source) and not where.sqlite:
        raise RefusedError(
            f"{where.source} is an SQLite database: a plain copy may be damaged", do="Write sqlite: true"
        )
    if companions(where.target):
        raise RefusedError(
            f"{where.target} is a database in use, or one that was not closed well",
            do="Stop what uses it, open and close it once, then try again",
        )


def make_copy(where: Places, context: ActionContext, stop: Stop) -> Made:
    """Copy. Raises StoppedError (the target is as before), SwitchbackError, OSError, sqlite3.Error."""
    check_copy(where)
    mode = where.source.stat().st_mode
    with replacing(where.target, context, mode=mode) as new:
        if where.sqlite:
            copy_database(where.source, new, stop)
            check_integrity(new, stop)
            made = Made(where.target, digest(new, stop), new.stat().st_size)
        else:
            made = Made(where.target, _copy_bytes(where.source, new, stop), new.stat().st_size)
        stop.check()
    if where.sqlite:
        record = {"run_id": context.run_id, "step_id": context.step_id, "source": str(where.source)}
        with replacing(where.record, context, mode=mode) as new:
            new.write_text(json.dumps(record | {"sha256": made.sha256, "bytes": made.size}, indent=2) + "\n")
    return made


def _copy_bytes(source: Path, new: Path, stop: Stop) -> str:
    found = sha256()
    before = source.stat()
    with source.open("rb") as origin, new.open("wb") as copy:
        while piece := origin.read(_PIECE):
            stop.check()
            found.update(piece)
            copy.write(piece)
    after = source.stat()
    if (before.st_size, before.st_mtime_ns, before.st_ino) != (
        after.st_size,
        after.st_mtime_ns,
        after.st_ino,
    ):
        raise SourceError(
            f"{source} was changed while it was copied", do="Stop what writes it, then try again"
        )
    return found.hexdigest()


def free_bytes(folder: Path) -> int:
    """The space left where a folder is, in bytes."""
    return shutil.disk_usage(folder).free


def find_copy(
    where: Places, context: ActionContext, stop: Stop
) -> tuple[Literal["yes", "no", "unknown"], str]:
    """Whether the copy has been made, and how that is known.

    A plain copy has been made when the target equals the source. A database goes on after it was copied,
    so its copy has been made when the record beside it names this run and step and its digest. A target
    that this step made and that was changed since is not known: to copy again would undo the change.
    """
    if not where.target.is_file():
        return "no", f"{where.target} is not there"
    there = digest(where.target, stop)
    if not where.sqlite:
        same = where.source.is_file() and digest(where.source, stop) == there
        return ("yes", "the target equals the source") if same else ("no", "the target is not as the source")
    record = _record(where.record)
    if (record.get("run_id"), record.get("step_id")) != (context.run_id, context.step_id):
        return "no", "no record says that the target was made by this step of this run"
    if record.get("sha256") != there:
        return "unknown", "this step made the target, but it was changed since; look before copying again"
    check_integrity(where.target, stop)
    return "yes", "the record beside the target names this run, this step and its digest"


def _record(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        return {}  # not a record of ours
    return (
        {name: value for name, value in found.items() if isinstance(value, str)}
        if isinstance(found, dict)
        else {}
    )

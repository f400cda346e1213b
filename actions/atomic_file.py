"""Putting a new file in the place of an old one: all of it or nothing, and durably."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from actions.in_thread import Stop
from bot.ports.action import ActionContext

_PIECE = 1 << 20


def digest(path: Path, stop: Stop) -> str:
    """The SHA-256 of a file, in hex. Raises StoppedError."""
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            stop.check()
            found.update(piece)
    return found.hexdigest()


@contextmanager
def replacing(target: Path, context: ActionContext, *, mode: int | None = None) -> Iterator[Path]:
    """An empty file beside the target, put in its place when the block ends well, else removed.

    It gets the permissions and owner of the file it replaces, or else `mode` (default: by the umask).
    What an attempt that was killed left behind is removed first. Raises OSError.
    """
    ours = sha256("\0".join((context.run_id, context.step_id, target.name)).encode()).hexdigest()[:16]
    for left_behind in target.parent.glob(f".switchback-{ours}-*"):
        left_behind.unlink()
    # A name of this attempt only: one that was frozen and goes on finds its file gone, and fails.
    attempt = sha256(context.nonce.encode()).hexdigest()[:16]
    new = target.parent / f".switchback-{ours}-{attempt}"
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666 if mode is None else 0o600))
    try:
        yield new
        _like(new, target, mode)
        _sync(new)
        new.replace(target)
        _sync(target.parent)
    finally:
        new.unlink(missing_ok=True)


def _like(new: Path, target: Path, mode: int | None) -> None:
    if target.exists():
        wanted, made = target.stat(), new.stat()
        if (wanted.st_uid, wanted.st_gid) != (made.st_uid, made.st_gid):
            os.chown(new, wanted.st_uid, wanted.st_gid)
        new.chmod(wanted.st_mode & 0o7777)
    elif mode is not None:
        new.chmod(mode & 0o777)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

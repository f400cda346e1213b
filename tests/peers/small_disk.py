"""A disk of a few megabytes that a test can fill."""

import errno
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SIZE = "16m"
_PAGE = bytes(4096)


class SmallDisk:
    """A file system of its own, mounted on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, database: Path) -> None:
        """Leave no room at all, not even what an SQLite database's log has kept for itself."""
        with closing(sqlite3.connect(database, timeout=10)) as connection:
            (busy, *_sizes) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert busy == 0, "the log could not be emptied"
            self._write_ballast()

    def _write_ballast(self) -> None:
        with self._ballast.open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(_PAGE)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def make_room(self) -> None:
        """Take the ballast away."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount one; only root may. It is gone after the block."""
    folder.mkdir()
    _called("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "switchback-test", str(folder))
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: what still has a file open there does not keep the folder.
        _called("umount", "--lazy", str(folder))


def _called(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(argv)}: {done.stderr.strip()}; these tests have to run as root"

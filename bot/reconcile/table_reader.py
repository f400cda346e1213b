"""Reads the tables of a rehearsal: one after the other, read only, row by row."""

import asyncio
import sqlite3
import time
from pathlib import Path
from threading import Event

import sqlalchemy as sa
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql import quoted_name

from bot.domain.errors import SettingsError, SourceError
from bot.domain.playbook.filling import fill
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.rehearsal import Compared
from bot.domain.playbook.sources import SourceSpec
from bot.domain.table_state import TableState
from bot.reconcile.engines import read_only_engine
from bot.reconcile.opening import Secrets, resolved
from bot.reconcile.table_digest import TableDigest

_AT_ONCE = 1000
_PROGRESS_INSTRUCTIONS = 10_000
_GRACE = 2.0


class PlaybookTableReader:
    """Implements `bot.ports.table_reader.TableReader` for SQLite and PostgreSQL."""

    def __init__(self, *, secret: Secrets) -> None:
        self._secret = secret

    async def read(self, loaded: LoadedPlaybook) -> tuple[TableState, ...]:
        """Each table, one after the other: nobody's database is pressed for a rehearsal."""
        rehearsal = loaded.playbook.rehearsal
        states = []
        for compared in rehearsal.compare if rehearsal else ():
            for table in compared.tables:
                states.append(await self._state(loaded, compared, table))
        return tuple(states)

    async def _state(self, loaded: LoadedPlaybook, compared: Compared, table: str) -> TableState:
        seconds = compared.timeout.total_seconds()
        given_up = Event()
        try:
            url = resolved(_place(loaded, compared), loaded.folder, self._secret)
            async with asyncio.timeout(seconds + _GRACE):
                found = await asyncio.to_thread(_digest, url, table, seconds, given_up)
        except TimeoutError:
            problem = f"not read within {seconds:g} s"
        except (SettingsError, SourceError) as error:
            problem = str(error)
        else:
            digest = found.hexadecimal
            return TableState(compare=compared.id, table=table, rows=found.rows, digest=digest)
        finally:
            given_up.set()
        return TableState(compare=compared.id, table=table, problem=problem)


def _place(loaded: LoadedPlaybook, compared: Compared) -> SourceSpec:
    playbook = loaded.playbook
    if compared.source is not None:
        return playbook.sources.legacy if compared.source == "legacy" else playbook.sources.new
    url = compared.url
    if isinstance(url, str) and playbook.rehearsal is not None:
        url = str(fill(url, "environment", playbook.environments[playbook.rehearsal.environment]))
    return SourceSpec.model_validate({"url": url})


def _digest(url: URL, table: str, seconds: float, given_up: Event) -> TableDigest:
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise SourceError("there is no such file", where=url.database or "")
    deadline = time.monotonic() + seconds
    engine = read_only_engine(url, seconds=seconds)
    try:
        with engine.connect().execution_options(stream_results=True, yield_per=_AT_ONCE) as connection:
            _bound(connection, deadline, seconds, given_up)
            rows = connection.execute(_everything(table))
            digest = TableDigest(list(rows.keys()))
            for some in rows.partitions():
                if given_up.is_set() or time.monotonic() > deadline:
                    raise SourceError(f"not read within {seconds:g} s")
                digest.add(some)
            return digest
    except (DBAPIError, SQLAlchemyError) as error:
        if time.monotonic() >= deadline:
            raise SourceError(f"not read within {seconds:g} s") from None
        told = str(getattr(error, "orig", error)).strip().splitlines() or [type(error).__name__]
        password = url.password
        text = told[0].replace(password, "***") if password else told[0]
        raise SourceError(text) from None
    finally:
        engine.dispose()


def _everything(table: str) -> sa.Select[tuple[object]]:
    schema, _, name = table.rpartition(".")
    placed = sa.table(quoted_name(name, True), schema=quoted_name(schema, True) if schema else None)
    return sa.select(sa.literal_column("*")).select_from(placed)


def _bound(connection: Connection, deadline: float, seconds: float, given_up: Event) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.set_progress_handler(
            lambda: given_up.is_set() or time.monotonic() > deadline, _PROGRESS_INSTRUCTIONS
        )
        return
    milliseconds = str(round(seconds * 1000))
    connection.exec_driver_sql(
        "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),"
        " set_config('TimeZone', 'UTC', true)",
        (milliseconds, milliseconds),
    ).all()

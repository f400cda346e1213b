"""The `export-since` adapter: what was written in the new system since the cutover, as CSV for legacy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import ClassVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.atomic_file import replacing
from actions.csv_writing import CsvLines
from actions.database import Database, database, reading
from actions.excerpt import printable
from actions.export_parameters import Export, ExportParameters
from actions.limited import Cut, limited, work_seconds
from actions.measured import Stopwatch
from actions.redaction import Secrets, names, shown
from actions.sql_statement import placeholders
from bot.domain.errors import SettingsError, SourceError
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Evidence, Nature, Outcome, Preview, Probe

_LOOK_SECONDS = 5.0
_ROWS_AT_ONCE = 500
_TROUBLE = (SettingsError, SourceError, SQLAlchemyError, OSError)


class ExportSinceAction(Action[ExportParameters]):
    """Reads the playbook's queries, read-only and at one moment, and writes a file for each."""

    kind: ClassVar[str] = "export-since"
    parameters: ClassVar[type[Parameters]] = ExportParameters

    def nature(self, parameters: ExportParameters) -> Nature:
        """Done twice it leaves the same behind."""
        return Nature(idempotent=True, secrets=names(parameters.url))

    async def preview(self, parameters: ExportParameters, context: ActionContext) -> Preview:
        """The queries with their moment, and the files. Connects without the right to write."""
        if context.since is None:
            effect = "Exports nothing: the migration has not been cut over"
            return Preview(effect, f"{len(parameters.exports)} files in {parameters.to}")
        where = shown(parameters.url) if parameters.url else "no database"
        count = len(parameters.exports)
        effect = f"Exports what was written in {where} since the cutover, {count} CSV files"
        lines = [f"{parameters.to}/{one.id}.csv: {one.sql}" for one in parameters.exports]
        exact = "\n".join([*lines, f":since = {context.since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"])
        secrets = Secrets(context.secret)
        seconds = min(_LOOK_SECONDS, work_seconds(context.seconds))
        try:
            base = _base(parameters, context, secrets)
            looked = await limited(_look(base, seconds), seconds=seconds, cancelled=context.cancelled)
            problem = f"The database did not answer: {looked.value}" if isinstance(looked, Cut) else ""
        except _TROUBLE as error:
            problem = secrets.redact(_plain(error))
        return Preview(effect, exact, ready=not problem, problem=problem)

    async def act(self, parameters: ExportParameters, context: ActionContext) -> Outcome:
        """Write every file, or say which could not be; what was there before stays until it is replaced."""
        if context.cancelled.is_set():
            return Outcome("failed", "It was cancelled before it started; nothing was done")
        if context.since is None:
            return Outcome("succeeded", "nothing to export: the migration has not been cut over")
        secrets, watch = Secrets(context.secret), Stopwatch()
        seconds = work_seconds(context.seconds)
        written: list[Evidence] = []
        try:
            work = _exported(_base(parameters, context, secrets), parameters, context, written, seconds)
            rows = await limited(work, seconds=seconds, cancelled=context.cancelled)
            why = rows.value if isinstance(rows, Cut) else ""
        except _TROUBLE as error:
            cut = context.cancelled.is_set() or watch.seconds() >= seconds
            why = "it was cancelled, or its time was over" if cut else secrets.redact(_plain(error))
            rows = 0
        evidence = (*written, watch.evidence())
        if why or isinstance(rows, Cut):
            return Outcome("failed", f"{len(written)} files written, then: {why}", evidence)
        since = f"{context.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        said = f"{rows:,} rows written since {since} are in {len(written)} files in {parameters.to}"
        return Outcome("succeeded", said, evidence)

    async def probe(self, parameters: ExportParameters, context: ActionContext) -> Probe:
        """Whether the files are what would be written now: more may have been since."""
        if context.since is None:
            return Probe("yes", "nothing to export: the migration has not been cut over")
        secrets = Secrets(context.secret)
        seconds = work_seconds(context.seconds)
        try:
            work = _missing(_base(parameters, context, secrets), parameters, context, seconds)
            missing = await limited(work, seconds=seconds, cancelled=context.cancelled)
        except _TROUBLE as error:
            return Probe("unknown", secrets.redact(f"The probe got no answer: {_plain(error)}"))
        if isinstance(missing, Cut):
            return Probe("unknown", f"The probe got no answer before {missing.value}")
        if missing:
            return Probe("no", f"not there, or not as it would be written now: {', '.join(missing)}")
        return Probe("yes", f"{len(parameters.exports)} files are as they would be written now")


def _base(parameters: ExportParameters, context: ActionContext, secrets: Secrets) -> Database:
    if parameters.url is None:
        raise SourceError("no database is named", do="Declare sources.new, or with.url of the step")
    return database(parameters.url, folder=context.folder, secrets=secrets)


async def _look(base: Database, seconds: float) -> None:
    async with reading(base, seconds=seconds) as connection:
        await connection.execute(text("SELECT 1"))


async def _exported(
    base: Database,
    parameters: ExportParameters,
    context: ActionContext,
    written: list[Evidence],
    seconds: float,
) -> int:
    """How many rows there were, all read at one moment."""
    folder = context.folder / parameters.to
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    async with _at_one_moment(base, seconds) as connection:
        for one in parameters.exports:
            path, lines = folder / f"{one.id}.csv", CsvLines()
            with replacing(path, context, mode=0o600) as new, new.open("wb") as file:
                async for piece in _pieces(connection, one, _bound(context.since, base), lines):
                    file.write(piece)
            written.append(
                Evidence(path.name, f"{one.title}: {lines.count} rows, SHA-256 {lines.digest}, {path}")
            )
            total += lines.count
    return total


async def _missing(
    base: Database, parameters: ExportParameters, context: ActionContext, seconds: float
) -> list[str]:
    """The files that are not there, or would be others now."""
    found = []
    async with _at_one_moment(base, seconds) as connection:
        for one in parameters.exports:
            path, lines = context.folder / parameters.to / f"{one.id}.csv", CsvLines()
            async for _ in _pieces(connection, one, _bound(context.since, base), lines):
                continue
            if not path.is_file() or sha256(path.read_bytes()).hexdigest() != lines.digest:
                found.append(path.name)
    return found


@asynccontextmanager
async def _at_one_moment(base: Database, seconds: float) -> AsyncIterator[AsyncConnection]:
    async with reading(base, seconds=seconds) as connection:
        at_once = "BEGIN" if base.file else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
        await connection.exec_driver_sql(at_once)
        yield connection


async def _pieces(
    connection: AsyncConnection, one: Export, since: object, lines: CsvLines
) -> AsyncIterator[bytes]:
    bound = {"since": since} if "since" in placeholders(one.sql) else {}
    async with connection.stream(text(one.sql), bound) as found:
        yield lines.head(list(found.keys()))
        async for some in found.partitions(_ROWS_AT_ONCE):
            yield lines.rows(some)


def _bound(since: datetime | None, base: Database) -> object:
    """The moment as the database compares it: SQLite has texts, as its own functions write them."""
    if since is None:
        raise SourceError("the migration has not been cut over")
    return f"{since.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if base.file else since


def _plain(error: Exception) -> str:
    return printable(str(error.orig if isinstance(error, DBAPIError) and error.orig else error)).strip()

"""The `export-since` adapter: what was written in the new system since the cutover, as CSV for legacy."""

from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import ClassVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from actions.atomic_file import replacing
from actions.csv_writing import CsvFile
from actions.database import Database, database, reading
from actions.excerpt import printable
from actions.export_parameters import Export, ExportParameters
from actions.limited import Cut, limited, work_seconds
from actions.measured import Stopwatch
from actions.redaction import Secrets, names, shown
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
        if context.since is None:
            return Outcome("succeeded", "nothing to export: the migration has not been cut over")
        if context.cancelled.is_set():
            return Outcome("failed", "It was cancelled before it started; nothing was done")
        secrets, watch = Secrets(context.secret), Stopwatch()
        seconds = work_seconds(context.seconds)
        written: list[Evidence] = []
        try:
            work = _exported(_base(parameters, context, secrets), parameters, context, written, seconds)
            rows = await limited(work, seconds=seconds, cancelled=context.cancelled)
        except _TROUBLE as error:
            why = secrets.redact(_plain(error))
            return Outcome("failed", f"{len(written)} files written, then: {why}", tuple(written))
        if isinstance(rows, Cut):
            return Outcome("failed", f"{len(written)} files written, then {rows.value}", tuple(written))
        since = f"{context.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        said = f"{rows:,} rows written since {since} are in {len(written)} files in {parameters.to}"
        return Outcome("succeeded", said, (*written, watch.evidence()))

    async def probe(self, parameters: ExportParameters, context: ActionContext) -> Probe:  # noqa: ARG002
        """It is done again: more may have been written since."""
        return Probe("no", "an export is made anew, so that nothing written since is left out")


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
    async with reading(base, seconds=seconds) as connection:
        at_once = "BEGIN" if base.file else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
        await connection.exec_driver_sql(at_once)
        since = _bound(context.since, base)
        for one in parameters.exports:
            path = folder / f"{one.id}.csv"
            with replacing(path, context, mode=0o600) as new:
                with CsvFile(new) as file:
                    async with connection.stream(text(one.sql), {"since": since}) as found:
                        file.head(list(found.keys()))
                        async for some in found.partitions(_ROWS_AT_ONCE):
                            file.rows(some)
                with new.open("rb") as made:
                    digest = file_digest(made, "sha256").hexdigest()
            written.append(_evidence(one, path, file.count, digest))
            total += file.count
    return total


def _evidence(one: Export, path: Path, rows: int, digest: str) -> Evidence:
    return Evidence(f"{one.id}.csv", f"{one.title}: {rows} rows, SHA-256 {digest}, {path}")


def _bound(since: datetime | None, base: Database) -> object:
    """The moment as the database compares it: SQLite has texts, as its own functions write them."""
    if since is None:
        raise SourceError("the migration has not been cut over")
    return f"{since.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if base.file else since


def _plain(error: Exception) -> str:
    return printable(str(error.orig if isinstance(error, DBAPIError) and error.orig else error)).strip()

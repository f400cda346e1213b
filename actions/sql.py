"""The `sql` adapter: runs one statement in one transaction."""

from typing import ClassVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from actions.database import Database, database, reading, writable
from actions.excerpt import printable
from actions.limited import Cut, limited, work_seconds
from actions.measured import Stopwatch
from actions.redaction import Secrets, names, shown
from actions.sql_parameters import Literal, SqlParameters, SqlProbe
from actions.sql_transaction import Transaction
from bot.domain.errors import SettingsError, SourceError
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Evidence, Nature, Outcome, Preview, Probe

_LOOK_SECONDS = 5.0
_LONGEST_VALUE = 1000


class SqlAction(Action[SqlParameters]):
    """Runs one statement."""

    kind: ClassVar[str] = "sql"
    parameters: ClassVar[type[Parameters]] = SqlParameters

    def nature(self, parameters: SqlParameters) -> Nature:
        """As declared."""
        return Nature(parameters.idempotent, secrets=names(parameters.url))

    async def preview(self, parameters: SqlParameters, context: ActionContext) -> Preview:
        """The statement with its values. Connects without the right to write; the statement is not run."""
        bound = parameters.bound(parameters.statement)
        values = "".join(f"\n:{name} = {value!r}" for name, value in bound.items())
        wanted = f"; it is rolled back unless it affects {parameters.expect_rows} rows"
        effect = f"Runs one statement in {shown(parameters.url)}{wanted if parameters.expect_rows else ''}"
        secrets = Secrets(context.secret)
        seconds = min(_LOOK_SECONDS, work_seconds(context.seconds))
        try:
            base = database(parameters.url, folder=context.folder, secrets=secrets)
            problem = (
                "" if writable(base) else "the bot's account may not write the database file or its folder"
            )
            looked = await limited(
                _first_rows(base, "SELECT 1", {}, seconds),
                seconds=seconds,
                cancelled=context.cancelled,
            )
            if isinstance(looked, Cut):
                problem = f"The database did not answer: {looked.value}"
        except (SettingsError, SourceError, SQLAlchemyError) as error:
            problem = _plain(error)
        problem = secrets.redact(problem)
        return Preview(effect, f"{parameters.statement}{values}", ready=not problem, problem=problem)

    async def act(self, parameters: SqlParameters, context: ActionContext) -> Outcome:
        """Run it and commit, or leave everything as it was."""
        secrets = Secrets(context.secret)
        watch = Stopwatch()
        if context.cancelled.is_set():
            return Outcome("failed", "It was cancelled before it started; nothing was done")
        seconds = work_seconds(context.seconds)
        transaction = Transaction(parameters)
        try:
            base = database(parameters.url, folder=context.folder, secrets=secrets)
            work = transaction.run(base, seconds=seconds)
            cut = await limited(work, seconds=seconds, cancelled=context.cancelled)
            why = cut.value if cut else ""
        except (SettingsError, SourceError, SQLAlchemyError) as error:
            why = _reason(error, context, over=watch.seconds() >= seconds)
        return transaction.outcome(secrets.redact(why), watch.evidence())

    async def probe(self, parameters: SqlParameters, context: ActionContext) -> Probe:
        """Whether the probe's query gives the value that is there once it has been done."""
        if parameters.probe is None:
            return Probe("unknown", "This step declares no probe; look at the database it acts on")
        secrets = Secrets(context.secret)
        seconds = work_seconds(context.seconds)
        bound = parameters.bound(parameters.probe.query)
        try:
            base = database(parameters.url, folder=context.folder, secrets=secrets)
            work = _first_rows(base, parameters.probe.query, bound, seconds)
            found = await limited(work, seconds=seconds, cancelled=context.cancelled)
        except (SettingsError, SourceError, SQLAlchemyError) as error:
            return Probe("unknown", secrets.redact(f"The probe got no answer: {_plain(error)}"))
        if isinstance(found, Cut):
            return Probe("unknown", f"The probe got no answer before {found.value}")
        return _answer(parameters.probe, found, secrets)


async def _first_rows(
    base: Database, query: str, bound: dict[str, Literal], seconds: float
) -> list[tuple[object, ...]]:
    """The first rows of a query, two at most."""
    async with reading(base, seconds=seconds) as connection:
        rows = (await connection.execute(text(query), bound)).fetchmany(2)
    return [tuple(row) for row in rows]


def _answer(probe: SqlProbe, found: list[tuple[object, ...]], secrets: Secrets) -> Probe:
    if len(found) > 1 or (found and len(found[0]) != 1):
        return Probe("unknown", "The probe's query does not give one value; correct it in the playbook")
    value = found[0][0] if found else None
    evidence = (Evidence("value", secrets.redact(printable(str(value)))[:_LONGEST_VALUE]),)
    if value == probe.equals or str(value) == str(probe.equals):
        return Probe("yes", f"The probe gives {probe.equals!r}: it has been done", evidence)
    return Probe("no", f"The probe does not give {probe.equals!r}: it has not been done", evidence)


def _reason(error: Exception, context: ActionContext, *, over: bool) -> str:
    """Why a statement was ended from our side, or else what the database says."""
    if context.cancelled.is_set():
        return Cut.CANCELLED.value
    return Cut.TIMED_OUT.value if over else _plain(error)


def _plain(error: Exception) -> str:
    """What the database says, without the statement and the link that SQLAlchemy adds."""
    return printable(str(error.orig if isinstance(error, DBAPIError) and error.orig else error)).strip()

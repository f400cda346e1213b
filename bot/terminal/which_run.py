"""Which run is meant: by its id, by the beginning of one, or by its migration's name."""

from typing import Annotated

import typer

from bot.domain.errors import AmbiguousNameError
from bot.domain.run import Run
from bot.store.store import Transaction

RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="The run's id, the beginning of it, or its migration's name: the active run of it.",
    ),
]


async def find_run(tx: Transaction, name: str) -> Run:
    """The run of that id, else of the one id that begins so, else the migration's active or latest one.

    Raises UnknownNameError, and AmbiguousNameError when several are meant.
    """
    active = await tx.runs.active(name)
    if len(active) > 1:
        raise AmbiguousNameError("run", name, [run.id for run in active])
    found = active or await tx.runs.latest(migration=name, count=1)
    if found:
        return found[0]
    beginning = name.upper()
    ids = await tx.runs.ids(beginning) if name else ()
    if beginning in ids or len(ids) == 1:
        return await tx.runs.get(beginning if beginning in ids else ids[0])
    if ids:
        raise AmbiguousNameError("run", name, ids)
    return await tx.runs.get(name)

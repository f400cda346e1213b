"""Reads what the tables of a rehearsal hold, without changing them."""

from typing import Protocol

from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.table_state import TableState


class TableReader(Protocol):
    """Reads the tables that a playbook's rehearsal compares."""

    async def read(self, loaded: LoadedPlaybook) -> tuple[TableState, ...]:
        """Each table in the order of the playbook; none when it compares none.

        A table that cannot be read is a state with a problem, never an exception.
        """

"""What a table is: its columns, as its database's catalogue tells them."""

from dataclasses import dataclass

from bot.domain.playbook.table_checks import ColumnKind


@dataclass(frozen=True)
class TableColumn:
    """A column. `kind` is what its declared type means; None for one that we have no word for."""

    name: str
    kind: ColumnKind | None
    declared: str
    nullable: bool


@dataclass(frozen=True)
class TableShape:
    """A table, by its name as a playbook would write it, and its columns.

    `schema` is where it is, also where the name does not say so; empty where that is not known.
    """

    name: str
    columns: tuple[str, ...]
    schema: str = ""

    @property
    def bare(self) -> str:
        """Its name without a schema."""
        return self.name.rpartition(".")[2]

"""What a table holds, as a count of rows and a digest of them, and how two such states differ."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict


class TableState(BaseModel):
    """One table: its rows, and a digest that does not depend on their order.

    `compare` is the id of the comparison that it belongs to. `problem` says why it could not be read;
    then there are no rows and no digest.
    """

    model_config = ConfigDict(frozen=True)
    compare: str
    table: str
    rows: int | None = None
    digest: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """How it is called: comparison and table."""
        return f"{self.compare}.{self.table}"


def differences(before: Sequence[TableState], after: Sequence[TableState]) -> tuple[str, ...]:
    """What differs, a sentence for each table; empty when every table is as it was."""
    was = {state.name: state for state in before}
    told = [_difference(was.get(state.name), state) for state in after]
    read = {state.name for state in after}
    told += [f"{name}: not read again" for name in was if name not in read]
    return tuple(one for one in told if one)


def _difference(before: TableState | None, after: TableState) -> str:
    if after.problem:
        return f"{after.name}: unknown, {after.problem}"
    if before is None or before.problem:
        return f"{after.name}: unknown, it was not read before"
    if before.rows != after.rows:
        return f"{after.name}: {before.rows:,} rows before, {after.rows:,} after"
    if before.digest != after.digest:
        return f"{after.name}: still {after.rows:,} rows, with other contents"
    return ""

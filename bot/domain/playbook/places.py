"""Where the rows of one side are: a table, a query, or files; and how its columns are called."""

import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.domain.errors import nearest
from bot.domain.playbook.part import Part, Sql, Text
from bot.domain.select_only import one_select

Side = Literal["legacy", "new"]

TableName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$", max_length=130),
    Field(description="a table, or schema.table"),
]
ColumnName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Field(description="the name of a column"),
]


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, IsADirectoryError):
        alike = nearest(zone, available_timezones())
        raise ValueError(
            f"there is no time zone “{zone}”{f'; did you mean {alike}?' if alike else ''}"
        ) from None
    return zone


Zone = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]*$", max_length=60),
    AfterValidator(_known_zone),
    Field(description="a time zone such as Europe/Berlin"),
]


def _only_a_condition(condition: str) -> str:
    if re.search(r"--|/\*", condition):
        raise ValueError("a condition has no comments")
    one_select(f"SELECT 1 WHERE ({condition})")
    return condition


Condition = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, strip_whitespace=True),
    AfterValidator(_only_a_condition),
    Field(description="what stands behind WHERE"),
]


class RowSide(Part):
    """The rows of one side: exactly one of `table`, `query` and `file`.

    `where` filters a table. `file` is a path or pattern (`out/*.parquet`) that counts from the playbook's
    folder, its format told by its ending where `format` does not. `zone` is that of times without one.
    """

    table: TableName | None = None
    query: Sql | None = None
    file: Text | None = None
    where: Condition | None = None
    format: Literal["csv", "json", "parquet"] | None = None
    zone: Zone = "UTC"

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(part is not None for part in (self.table, self.query, self.file)) != 1:
            raise ValueError("rows are in exactly one of table, query, file")
        if self.where is not None and self.table is None:
            raise ValueError("where filters a table; a query has its own")
        if self.format is not None and self.file is None:
            raise ValueError("only a file has a format")
        return self

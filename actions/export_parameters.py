"""The parameters of the `export-since` adapter."""

from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.playbook.part import FromEnvironment, Identifier, Sql, Text
from bot.domain.playbook.sources import SourceUrl
from bot.ports.action import Parameters


def _inside(path: str) -> str:
    if ".." in PurePosixPath(path).parts:
        raise ValueError("a folder without .. in it")
    return path


def _without_password(url: str) -> str:
    if "@" in url or "password=" in url:
        raise ValueError("a URL with a user or password belongs in a setting: url: {env: NAME}")
    return url


class Export(Parameters):
    """One query, and the file that it becomes."""

    id: Identifier
    title: Text
    sql: Sql


class ExportParameters(Parameters):
    """Where the files go: a folder, relative to the playbook's.

    `url` is the database, the playbook's `sources.new` where none is given; `exports` are the queries, those
    of the playbook's `cutover.since_cutover` where none are.
    """

    to: Annotated[
        str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True), AfterValidator(_inside)
    ]
    url: Annotated[SourceUrl, AfterValidator(_without_password)] | FromEnvironment | None = None
    exports: tuple[Export, ...] = Field(default=(), max_length=20)

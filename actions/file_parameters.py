"""The parameters of the `file` adapter."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, JsonValue, StringConstraints, model_validator

from bot.domain.errors import RefusedError
from bot.ports.action import ActionContext, Parameters

_PLACEHOLDER = "{run_id}"
_RUN_ID = re.compile(r"[0-9A-Za-z]+")


def _only_the_run(path: str) -> str:
    if set(path.replace(_PLACEHOLDER, "")) & set("{}"):
        raise ValueError("the only placeholder of a path is {run_id}")
    return path


FilePath = Annotated[str, StringConstraints(pattern=r"^[^\x00]+$")]
RunPath = Annotated[FilePath, AfterValidator(_only_the_run)]


def located(path: str, context: ActionContext) -> Path:
    """The path in the playbook's folder, links followed, with the id of the run where it asks for it.

    Raises RefusedError when that id is not made of letters and digits.
    """
    if _PLACEHOLDER in path and not _RUN_ID.fullmatch(context.run_id):
        raise RefusedError("the id of this run cannot be part of a path", do="Write a path without {run_id}")
    return (context.folder / path.replace(_PLACEHOLDER, context.run_id)).resolve()


def named(path: Path, context: ActionContext) -> str:
    """The path as the playbook would write it: from its folder where it is inside."""
    folder = context.folder.resolve()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


class Copy(Parameters):
    """A copy of a file; `sqlite` takes a consistent one of a database that is in use."""

    from_: FilePath = Field(alias="from")
    to: RunPath
    sqlite: bool = False


class Present(Parameters):
    """A file that has to be there, with this digest where one is given."""

    path: RunPath
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class Write(Parameters):
    """A file that gets this content, and nothing else."""

    path: RunPath
    text: str | None = None
    json_: JsonValue = Field(default=None, alias="json")

    @property
    def content(self) -> bytes:
        """The bytes of the file; JSON is indented by two and ends with a line end."""
        if self.text is not None:
            return self.text.encode()
        return f"{json.dumps(self.json_, ensure_ascii=False, indent=2)}\n".encode()

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.text is not None) == ("json_" in self.model_fields_set):
            raise ValueError("write has exactly one of text, json")
        return self


class FileParameters(Parameters):
    """Exactly one of copy, present, write. Relative paths count from the playbook's folder."""

    open_to_inputs: ClassVar[frozenset[str]] = frozenset({"write"})

    copy_: Copy | None = Field(default=None, alias="copy")
    present: Present | None = None
    write: Write | None = None

    @property
    def work(self) -> Copy | Present | Write:
        """The one that is given."""
        given = [part for part in (self.copy_, self.present, self.write) if part is not None]
        return given[0]

    @model_validator(mode="after")
    def _one_work(self) -> Self:
        if sum(part is not None for part in (self.copy_, self.present, self.write)) != 1:
            raise ValueError("give exactly one of copy, present, write")
        return self

    @classmethod
    def closed_to_inputs(
        cls,
        path: tuple[str | int, ...],
        given: Mapping[str, JsonValue],  # noqa: ARG003
    ) -> str:
        """The JSON that is written alone, which quotes what is typed; no path."""
        return "" if path[:2] == ("write", "json") else "what is typed may only stand in: write.json"

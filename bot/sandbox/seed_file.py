"""The people, user groups and channels of a workspace, read from a YAML file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.sandbox.seed import Seed, SeedChannel, SeedPerson, SeedUsergroup

_Words = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class SeedError(Exception):
    """The file cannot be read, or is no workspace."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Person(_Part):
    id: Annotated[str, StringConstraints(pattern=r"^U[A-Z0-9]{2,}$")]
    name: _Words
    title: _Words


class _Usergroup(_Part):
    id: Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]{2,}$")]
    handle: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]
    name: _Words
    members: tuple[str, ...] = Field(min_length=1)


class _Channel(_Part):
    id: Annotated[str, StringConstraints(pattern=r"^C[A-Z0-9]{2,}$")]
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,80}$")]
    topic: str = ""


class _Document(_Part):
    people: tuple[_Person, ...] = Field(min_length=1)
    usergroups: tuple[_Usergroup, ...] = ()
    channels: tuple[_Channel, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _distinct(
            "id",
            [*(p.id for p in self.people), *(g.id for g in self.usergroups), *(c.id for c in self.channels)],
        )
        _distinct("handle", (one.handle for one in self.usergroups))
        _distinct("channel", (one.name for one in self.channels))
        known = {person.id for person in self.people}
        for group in self.usergroups:
            for member in group.members:
                if member not in known:
                    raise ValueError(f"{group.handle} has the member {member}, who is not among the people")
        return self


def read_seed(path: Path) -> Seed:
    """The first content of a workspace. Raises SeedError."""
    try:
        document = _Document.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise SeedError(f"{path}: not the content of a workspace: {place}: {first['msg']}") from error
    except (OSError, YAMLError) as error:
        raise SeedError(f"{path}: not the content of a workspace: {error}") from error
    return Seed(
        people=tuple(SeedPerson(**one.model_dump()) for one in document.people),
        usergroups=tuple(SeedUsergroup(**one.model_dump()) for one in document.usergroups),
        channels=tuple(SeedChannel(**one.model_dump()) for one in document.channels),
    )


def _distinct(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"the {what} {name} is there twice")
        seen.add(name)

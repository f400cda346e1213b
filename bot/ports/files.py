"""Files that are made for people, when they are sent and not before."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class File:
    """A file: the name that it is saved under, the title above it, its bytes, and what is said with it."""

    name: str
    title: str
    data: bytes = field(repr=False)
    comment: str = ""


@dataclass(frozen=True)
class NoFile:
    """There is none, and this is told instead: why, and what to do."""

    text: str

"""Every error of ours, under one root.

SwitchbackError
├── SettingsError         a setting is missing or wrong
├── PlaybookError         a playbook has findings, all of them at once
├── UnknownNameError      a migration, check, plan or run that does not exist
├── AmbiguousNameError    a name, or the beginning of one, that several have
├── NotAllowedError       the person does not have the role
├── SupersededError       somebody, or something, came first
├── RefusedError          an input that a person can correct
├── CalledOffError        somebody called off what was going on
├── SourceError           a database or service that was asked did not answer as it should
└── StoreError            our own database cannot be used
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class SwitchbackError(Exception):
    """What happened, where, and what to do, in one short sentence each."""

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.do = do

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.do}" if self.do else head


class SettingsError(SwitchbackError):
    """A setting is missing or wrong."""


@dataclass(frozen=True, order=True)
class Finding:
    """One error of a playbook, with its place: line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class PlaybookError(SwitchbackError):
    """A playbook has findings; all of them are reported at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        count = len(self.findings)
        noun = "error" if count == 1 else "errors"
        super().__init__(
            f"{count} {noun}\n" + "\n".join(str(finding) for finding in self.findings),
        )


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like the given one, or None when none is alike."""
    matches = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return matches[0] if matches else None


class UnknownNameError(SwitchbackError):
    """A name that does not exist, with the names that do."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        alike = nearest(name, names)
        hint = f"Did you mean {alike}? " if alike else ""
        listing = ", ".join(names) or "none"
        super().__init__(f"There is no {noun} “{name}”", do=f"{hint}Known: {listing}")
        self.name = name


class AmbiguousNameError(SwitchbackError):
    """A name, or the beginning of one, that several things have."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"More than one {noun} is meant by “{name}”", do=f"Write one of: {', '.join(known)}")


class NotAllowedError(SwitchbackError):
    """The person does not have a role that may do this."""


class SupersededError(SwitchbackError):
    """The thing was decided already; the text says by whom and when."""


class RefusedError(SwitchbackError):
    """An input that the person can correct; `field` names the input where there is one."""

    def __init__(self, what: str, *, field: str = "", do: str = "") -> None:
        super().__init__(what, do=do)
        self.field = field


class CalledOffError(SwitchbackError):
    """What was going on was called off by somebody."""


class SourceError(SwitchbackError):
    """A database or service that was asked did not answer as it should."""


class StoreError(SwitchbackError):
    """Our own database cannot be used."""

"""The parameters of the `exec` adapter."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, ClassVar, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator

from bot.domain.playbook.part import FromEnvironment
from bot.ports.action import Parameters

Argument = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Argv = Annotated[tuple[Argument, ...], Field(min_length=1)]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
ExitStatus = Annotated[int, Field(ge=0, le=255)]
ExitWords = Annotated[str, StringConstraints(pattern=r"^exit \d{1,3}$")]

# Programs that read an argument as commands or as code, or hand it on to one that does.
SHELLS = "ash bash busybox cmd csh dash fish ksh mksh powershell pwsh sh tcsh zsh"
LANGUAGES = "awk eval expect gawk lua mawk node osascript perl php python ruby sed tclsh"
CARRIERS = "at batch docker env find kubectl nsenter parallel podman rsh script ssh su sudo watch xargs"
INTERPRETERS = frozenset(f"{SHELLS} {LANGUAGES} {CARRIERS}".split())
_VERSION = "0123456789."


class ExecProbe(Parameters):
    """A command without effects whose exit status tells whether the step has been done."""

    argv: Argv
    done_when: ExitWords = "exit 0"
    not_done_when: ExitWords = "exit 1"

    @model_validator(mode="after")
    def _two_answers(self) -> Self:
        if self.done_when == self.not_done_when:
            raise ValueError("done_when and not_done_when are the same")
        return self


class ExecParameters(Parameters):
    """A command. A program without a slash is looked up in the search path; paths count from the folder."""

    open_to_inputs: ClassVar[frozenset[str]] = frozenset({"argv"})

    argv: Argv
    cwd: Argument = "."
    env: dict[Variable, Argument | FromEnvironment] = Field(default_factory=dict)
    idempotent: bool = False
    success_exit: Annotated[tuple[ExitStatus, ...], Field(min_length=1)] = (0,)
    probe: ExecProbe | None = None

    @classmethod
    def closed_to_inputs(cls, path: tuple[str | int, ...], given: Mapping[str, JsonValue]) -> str:
        """Arguments alone, and none of a program that would read one as code."""
        closed = super().closed_to_inputs(path, given)
        if closed:
            return closed
        if path == ("argv", 0):
            return "what is typed cannot choose the program"
        argv = given.get("argv")
        for argument in argv if isinstance(argv, list) else ():
            name = PurePath(str(argument)).name.removesuffix(".exe")
            if name.rstrip(_VERSION) in INTERPRETERS:
                return f"{name} may read an argument as code; run the program itself"
        return ""

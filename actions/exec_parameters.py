"""The parameters of the `exec` adapter."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.playbook.part import FromEnvironment
from bot.ports.action import Parameters

Argument = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Argv = Annotated[tuple[Argument, ...], Field(min_length=1)]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
ExitStatus = Annotated[int, Field(ge=0, le=255)]
ExitWords = Annotated[str, StringConstraints(pattern=r"^exit \d{1,3}$")]


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

    argv: Argv
    cwd: Argument = "."
    env: dict[Variable, Argument | FromEnvironment] = Field(default_factory=dict)
    idempotent: bool = False
    success_exit: Annotated[tuple[ExitStatus, ...], Field(min_length=1)] = (0,)
    probe: ExecProbe | None = None

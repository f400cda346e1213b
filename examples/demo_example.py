"""What `make demo` has to know of an example: its ports, its data, its processes, and what to try."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from examples.demo_processes import Part

EXAMPLES = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Place:
    """Where the demo of an example is: the folder of its playbook, and the port of each setting."""

    playbook: Path
    ports: Mapping[str, int]

    def url(self, setting: str) -> str:
        """The address of what listens on a setting's port."""
        return f"http://127.0.0.1:{self.ports[setting]}"


@dataclass(frozen=True)
class DemoExample:
    """An example as the demo runs it.

    `ports` are its settings with their defaults, those that its playbook names. `data` are folders beside
    the playbook, each with what its generator is told. `copied` are other things of the example that the
    playbook names. `people` get second factors by `make demo-codes`.
    """

    name: str
    ports: Mapping[str, int]
    data: Mapping[str, tuple[str, ...]]
    parts: Callable[[Place], list[Part]]
    try_first: Callable[[Place], str]
    copied: tuple[str, ...] = ()
    seed: Path | None = None
    people: Mapping[str, str] | None = None

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return EXAMPLES / self.name

    @property
    def command(self) -> str:
        """What starts its demo."""
        return "make demo" if self.name == "planwise" else f"make demo EXAMPLE={self.name}"

    @property
    def kept(self) -> str:
        """The folder of build in which its demo keeps everything, unless a setting names another."""
        return "demo" if self.name == "planwise" else f"demo-{self.name}"


def script(example: str, name: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a script of an example."""
    return (sys.executable, str(EXAMPLES / example / name), *arguments)

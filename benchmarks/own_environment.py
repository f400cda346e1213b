"""A virtual environment of its own for what a benchmark measures against, made once under build/."""

import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import BUILD
from benchmarks.serving import completed


@dataclass(frozen=True)
class OwnEnvironment:
    """What is installed in it: pinned requirements, from PyPI as pip is configured."""

    name: str
    requirements: Sequence[str]

    @classmethod
    def of_file(cls, path: Path) -> "OwnEnvironment":
        """The environment that a requirements file describes, and is named after."""
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        return cls(path.stem, [line for line in lines if line and not line.startswith("#")])

    @property
    def folder(self) -> Path:
        """Where it is: for other requirements it is another one."""
        digest = hashlib.sha256("\n".join(self.requirements).encode()).hexdigest()[:8]
        return BUILD / f"environment-{self.name}-{digest}"

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.folder / "bin" / name)

    async def install(self) -> None:
        """Make it, unless it is there already. Raises RuntimeError when that fails."""
        ready = self.folder / "ready"
        if ready.exists():
            return
        print(f"installing {', '.join(self.requirements)} ...", flush=True)
        BUILD.mkdir(exist_ok=True)
        environment = dict(os.environ)
        venv = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        await completed(venv, cwd=BUILD, environment=environment)
        pip = [self.program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        await completed([*pip, *self.requirements], cwd=BUILD, environment=environment)
        ready.touch()

"""What a rollback and a cutover switch, each a file of the data folder, read anew for every request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

State = Literal["open", "closed", "retired"]
STATES: tuple[State, ...] = get_args(State)

Audience = Literal["nobody", "operators", "members"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


def write_switch(path: Path, document: Mapping[str, object]) -> None:
    """Write it in one move that a crash cannot leave half done."""
    written = path.with_suffix(".tmp")
    written.write_text(json.dumps(document) + "\n", encoding="utf-8")
    written.replace(path)


def _read(path: Path) -> dict[str, object]:
    """What the file says. Raises OSError, and ValueError when that is no switch."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise ValueError(f"{path.name} holds no switch")
    return document


@dataclass(frozen=True)
class Writes:
    """Whether legacy takes writes, and whether it is there at all."""

    data: Path

    @property
    def _path(self) -> Path:
        return self.data / "legacy-writes.json"

    @property
    def is_open(self) -> bool:
        """Whether members and operators may write."""
        return _read(self._path) == {"writes": "open"}

    @property
    def is_retired(self) -> bool:
        """Whether legacy is gone for good."""
        return _read(self._path) == {"writes": "retired"}

    @property
    def state(self) -> object:
        """open, closed or retired."""
        return _read(self._path).get("writes")

    def set(self, state: State) -> None:
        """Switch it."""
        write_switch(self._path, {"writes": state})


@dataclass(frozen=True)
class Access:
    """For whom the new system is open."""

    data: Path

    @property
    def _path(self) -> Path:
        return self.data / "new-access.json"

    @property
    def audience(self) -> Audience:
        """Nobody, where the file says what nobody knows."""
        said = _read(self._path).get("for")
        return next((one for one in AUDIENCES if one == said), "nobody")

    def set(self, audience: Audience) -> None:
        """Switch it."""
        write_switch(self._path, {"for": audience})

    def admits(self, *, operator: bool) -> bool:
        """Whether somebody may use it now."""
        return self.audience == "members" or (operator and self.audience == "operators")


@dataclass(frozen=True)
class Authority:
    """Which system is right where both differ; `since` is the moment of the cutover, or of the last one."""

    data: Path

    @property
    def _path(self) -> Path:
        return self.data / "authority.json"

    @property
    def is_new(self) -> bool:
        """Whether it is the new system."""
        return _read(self._path).get("system") == "new"

    @property
    def since(self) -> str:
        """When the new system became it last; empty when it never did."""
        return str(_read(self._path).get("since") or "")

    def set(self, *, new: bool, since: str) -> None:
        """Switch it."""
        write_switch(self._path, {"system": "new" if new else "legacy", "since": since})

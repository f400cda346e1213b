"""From an outbox row to a file: each kind has its facts and what makes the file of them."""

from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import JsonValue

from bot.domain.messages.facts import Facts
from bot.ports.files import File, NoFile

F = TypeVar("F", bound=Facts)
Made = File | NoFile

# So that with the mark a name has the 255 bytes that file systems take, whatever its characters are.
_STEM = 50
_SUFFIX = 10


class Files:
    """The kinds of files that can be sent. What makes one is bound where the bot is put together."""

    def __init__(self) -> None:
        self._makers: dict[str, Callable[[dict[str, JsonValue]], Awaitable[Made]]] = {}

    def bind(self, model: type[F], make: Callable[[F], Awaitable[Made]]) -> None:
        """Make files of these facts so. `make` may be called again for the same facts.

        What it raises is told to whoever waits for the file, so an error of ours says what to do.
        """
        if model.kind in self._makers:
            raise ValueError(f"two makers for {model.kind}")
        self._makers[model.kind] = lambda facts: make(model.model_validate(facts))

    async def made(self, kind: str, facts: dict[str, JsonValue]) -> Made:
        """The file of a kind. KeyError for one without a maker."""
        return await self._makers[kind](facts)


def marked_name(name: str, number: int) -> str:
    """A file's name with the number of its outbox row: `rows.csv` becomes `rows-417.csv`.

    Slack keeps no metadata of ours with a file; its name is what it can be found by again.
    """
    path = PurePosixPath(name)
    # After a dot at its end the number would be an ending.
    stem = path.stem[:_STEM].rstrip(".")
    return f"{stem}-{number}{path.suffix[:_SUFFIX]}"


def has_mark(name: str, number: int) -> bool:
    """Whether this is the name of a row's file."""
    return PurePosixPath(name).stem.endswith(f"-{number}")

"""A file that is there as a whole or not at all, and readable by this account alone."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot.domain.errors import SettingsError


def private_folder(folder: Path) -> None:
    """Make a folder that only this account can read, unless it is there. Raises SettingsError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = f"The folder {folder} cannot be made: {error.strerror}"
        raise SettingsError(what, do="Name another folder") from None


def write_whole(file: Path, lines: Iterable[str]) -> None:
    """Write the lines, replacing a file that is there. Raises SettingsError where it cannot be written."""
    try:
        number, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}-")
        try:
            with os.fdopen(number, "w", encoding="utf-8", newline="") as written:
                written.writelines(lines)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink()
            raise
    except OSError as error:
        what = f"{file} cannot be written: {error.strerror}"
        raise SettingsError(what, do="Name another file") from None

"""The program of a command, and the clean environment it runs in."""

import os
import pwd
import shutil
from pathlib import Path

from bot.domain.errors import SwitchbackError


class NotStartedError(SwitchbackError):
    """A command could not be started: no such program or folder, or no permission. Nothing was done."""


def resolve(program: str, *, folder: Path, search_path: str) -> str:
    """The absolute path of a program. Raises NotStartedError."""
    if "/" in program:
        path = folder / program
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
        raise NotStartedError(
            f"{path} {'may not be run' if path.is_file() else 'is not a file'}",
            do="Check argv and its permissions",
        )
    found = shutil.which(program, path=search_path)
    if found is None:
        raise NotStartedError(
            f"there is no program {program} in {search_path}", do="Install it, or give its full path"
        )
    return found


def clean_environment() -> dict[str, str]:
    """Search path, home, account and language; nothing else of the bot's own variables."""
    base = {"PATH": os.pathsep.join(os.get_exec_path()), "LANG": "C.UTF-8"}
    try:
        account = pwd.getpwuid(os.getuid())
    except KeyError:
        return base | {"HOME": "/"}  # a container may run under a number that has no account
    return base | {"HOME": account.pw_dir, "USER": account.pw_name, "LOGNAME": account.pw_name}


def working_folder(path: Path) -> Path:
    """The folder itself. Raises NotStartedError when it is not one."""
    if not path.is_dir():
        raise NotStartedError(f"{path} is not a folder", do="Check cwd")
    return path

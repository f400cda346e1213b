"""What the `file` adapter would do, and what is in its way; no effects."""

import os
from datetime import UTC, datetime
from pathlib import Path

from actions.excerpt import printable
from actions.file_copy import check_copy, free_bytes, places
from actions.file_parameters import Copy, Present, Write, located, named
from bot.domain.errors import RefusedError
from bot.ports.action import ActionContext
from bot.ports.outcome import Preview

_MOST_SHOWN = 2000


def describe(work: Copy | Present | Write, context: ActionContext) -> Preview:
    """In words and exactly, whatever is in the way. Raises RefusedError when a path cannot be made."""
    match work:
        case Copy():
            where = places(work, context)
            way = "As an SQLite backup that is then checked" if work.sqlite else "A plain copy"
            exact = f"copy {named(where.source, context)} → {named(where.target, context)}"
            return Preview(f"{way}{_size(where.source)}; {_fate(where.target)}", exact)
        case Write():
            path = located(work.path, context)
            content = printable(work.content.decode())
            shown = content if len(content) <= _MOST_SHOWN else f"{content[:_MOST_SHOWN]}…"
            exact = f"write {named(path, context)}\n{shown}"
            return Preview(f"{len(work.content):,} bytes, all or nothing; {_fate(path)}", exact)
        case Present():
            path = located(work.path, context)
            wanted = f" with the digest {work.sha256}" if work.sha256 else ""
            effect = f"The file has to be there{wanted}; nothing is changed"
            return Preview(effect, f"sha256 {named(path, context)}")


def obstacle(work: Copy | Present | Write, context: ActionContext) -> str:
    """Why it could not be done now, or nothing. Raises OSError when a file cannot be read."""
    try:
        match work:
            case Copy():
                where = places(work, context)
                check_copy(where)
                return _no_place(where.target, where.size)
            case Write():
                return _no_place(located(work.path, context), len(work.content))
            case Present():
                path = located(work.path, context)
                return (
                    ""
                    if path.is_file() and os.access(path, os.R_OK)
                    else f"{path} is not there or not readable"
                )
    except RefusedError as error:
        return str(error)


def _no_place(target: Path, needed: int) -> str:
    folder = target.parent
    if target.exists() and not target.is_file():
        return f"{target} is not a file"
    if not folder.is_dir():
        return f"the folder {folder} is not there; make it first"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the bot's account may not write to {folder}"
    if target.exists() and os.geteuid() not in (0, target.stat().st_uid):
        return f"{target} belongs to another account, which cannot be kept when it is replaced"
    free = free_bytes(folder)
    return f"{folder} has {free:,} bytes left of the {needed:,} that are needed" if free < needed else ""


def _size(path: Path) -> str:
    return f" ({path.stat().st_size:,} bytes)" if path.is_file() else ""


def _fate(target: Path) -> str:
    if not target.exists():
        return "there is no such file yet"
    changed = datetime.fromtimestamp(target.stat().st_mtime, UTC)
    return f"replaces the file there{_size(target)}, last changed {changed:%Y-%m-%d %H:%M} UTC"

"""From a playbook's source to one that can be asked."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import SettingsError, SourceError
from bot.domain.playbook.sources import SourceSpec
from bot.ports.source import Source
from bot.reconcile.databases.database import Limits
from bot.reconcile.sql_source import SqlSource
from bot.reconcile.unavailable_source import UnavailableSource

Secrets = Callable[[str], str]


def open_source(name: str, spec: SourceSpec, folder: Path, secret: Secrets) -> Source:
    """The source, nothing connected yet. One that cannot be opened says so whenever it is asked."""
    try:
        url = resolved(spec, folder, secret)
        return SqlSource(name=name, url=url, limits=limits_of(spec))
    except SettingsError as error:
        return UnavailableSource(SourceError(str(error), where=name))
    except SourceError as error:
        return UnavailableSource(SourceError(error.what, where=error.where or name, do=error.do))


def limits_of(spec: SourceSpec) -> Limits:
    """How gently a source is asked."""
    return Limits(
        seconds=spec.timeout.total_seconds(),
        lock_seconds=spec.lock_timeout.total_seconds(),
        connections=spec.connections,
    )


def resolved(spec: SourceSpec, folder: Path, secret: Secrets) -> URL:
    """The database URL of a source, a relative SQLite path from the folder.

    Raises SettingsError and SourceError.
    """
    setting = None if isinstance(spec.url, str) else spec.url.env
    text = spec.url if isinstance(spec.url, str) else secret(spec.url.env)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The library's text can repeat what it could not read, password included.
        what = f"setting {setting} is not a database URL" if setting else "that is not a database URL"
        raise SourceError(what, do="Write dialect://user:password@host/database") from None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url.set(database=str(folder / url.database))
    return url

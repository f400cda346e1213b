"""How a source is called in errors, and what a driver says, without a password in either."""

import re
from urllib.parse import quote, quote_plus

from sqlalchemy import URL

_SECRET_KEY = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)


class SourceIdentity:
    """`name` is the side; `where` is that with the URL, its password and query hidden, or with its files."""

    def __init__(self, name: str, url: URL | None, *, files: str = "") -> None:
        self.name = name
        if url is None:
            self.where, self._secrets = f"{name} ({files})", list[str]()
            return
        # The query part of a URL can hold a password too, and says nothing of the place.
        self.where = f"{name} ({url.set(query={}).render_as_string(hide_password=True)})"
        secrets = [url.password or ""]
        for key, value in url.query.items():
            secrets += _texts(value) if _SECRET_KEY.search(key) else ()
        self._secrets = [form for text in secrets if text for form in (text, quote(text), quote_plus(text))]

    def first_line(self, error: object) -> str:
        """The first line of what a driver says, passwords masked."""
        lines = str(error).strip().splitlines() or [type(error).__name__]
        text = lines[0]
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value

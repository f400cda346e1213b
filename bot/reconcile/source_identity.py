"""How a source is called in errors, and what a driver says, without a password in either."""

from sqlalchemy import URL


class SourceIdentity:
    """`name` is the side; `where` is that with the URL, its password and query hidden, or with its files."""

    def __init__(self, name: str, url: URL | None, *, files: str = "") -> None:
        self.name = name
        if url is None:
            self.where, self._passwords = f"{name} ({files})", []
            return
        # The query part of a URL can hold a password too, and says nothing of the place.
        self.where = f"{name} ({url.set(query={}).render_as_string(hide_password=True)})"
        self._passwords = [text for text in (url.password, *_texts(url.query.get("password"))) if text]

    def first_line(self, error: object) -> str:
        """The first line of what a driver says, passwords masked."""
        lines = str(error).strip().splitlines() or [type(error).__name__]
        text = lines[0]
        for password in self._passwords:
            text = text.replace(password, "***")
        return text


def _texts(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()

"""HTML made of elements: whatever is not an element is escaped."""

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Text that is HTML already. Nothing but `element` and `page` makes it of what others wrote."""

    __slots__ = ()


def element(name: str, *children: str, **attributes: str) -> Html:
    """`<name attribute="…">children</name>`; a child that is a plain text is escaped."""
    named = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{named}>{''.join(map(_inside, children))}</{name}>")


def together(children: Iterable[str]) -> Html:
    """Pieces one after the other."""
    return Html("".join(map(_inside, children)))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> Html:
    """A table with its head on every printed page, or a line where there is no row."""
    made = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    if not made:
        return element("p", empty, class_="none")
    heads = element("thead", element("tr", *(element("th", cell, scope="col") for cell in head)))
    return element("table", heads, element("tbody", *made))


def lines(texts: Iterable[str]) -> Html:
    """Texts below each other in a cell."""
    return together(element("div", text) for text in texts if text)


def page(title: str, style: str, *body: str) -> Html:
    """A whole document that loads nothing and runs nothing. `style` is ours."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{element('title', title)}<style>{style}</style>"
    )
    inside = f"<head>{head}</head>{element('body', element('main', *body))}"
    return Html(f'<!doctype html>\n<html lang="en">{inside}</html>\n')


def _inside(child: str) -> str:
    return child if isinstance(child, Html) else escape(child)

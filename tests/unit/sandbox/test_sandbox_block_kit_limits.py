"""Each limit: the largest that Slack takes is taken, one more is refused at its place."""

from collections.abc import Callable

import pytest

from bot.sandbox.block_kit.surfaces import message_problems, view_problems
from bot.sandbox.json_values import Json, JsonObject

DIVIDER: JsonObject = {"type": "divider"}


def plain(length: int) -> JsonObject:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> JsonObject:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Json) -> JsonObject:
    return {"type": "button", "text": plain(5), **more}


def option(number: int, *, text: int = 5, value: int = 5) -> JsonObject:
    return {"text": plain(text), "value": str(number).rjust(value, "v")}


def actions(*elements: JsonObject) -> JsonObject:
    return {"type": "actions", "elements": list(elements)}


def select(options: int, **more: int) -> JsonObject:
    return {"type": "static_select", "options": [option(n, **more) for n in range(options)]}


def chart(*, series: int = 1, categories: int = 2, title: int = 5) -> JsonObject:
    names = [f"c{n}" for n in range(categories)]
    data: list[JsonObject] = [{"label": name, "value": 1} for name in names]
    return {
        "type": "data_visualization",
        "title": "x" * title,
        "chart": {
            "type": "line",
            "series": [{"name": f"s{n}", "data": data} for n in range(series)],
            "axis_config": {"categories": names},
        },
    }


def cells(rows: int, columns: int) -> list[list[JsonObject]]:
    return [[{"type": "raw_text", "text": "x"} for _ in range(columns)] for _ in range(rows)]


def modal(*blocks: JsonObject, **more: Json) -> JsonObject:
    return {"type": "modal", "title": plain(5), "blocks": list(blocks), **more}


Blocks = Callable[[int], list[JsonObject]]

MESSAGE_LIMITS: list[tuple[str, int, Blocks]] = [
    ("/blocks", 50, lambda n: [{"type": "divider"} for _ in range(n)]),
    ("/blocks/0/text/text", 3000, lambda n: [{"type": "section", "text": mrkdwn(n)}]),
    ("/blocks/0/fields/0/text", 2000, lambda n: [{"type": "section", "fields": [plain(n)]}]),
    ("/blocks/0/fields", 10, lambda n: [{"type": "section", "fields": [plain(1)] * n}]),
    ("/blocks/0/text/text", 150, lambda n: [{"type": "header", "text": plain(n)}]),
    ("/blocks/0/elements", 10, lambda n: [{"type": "context", "elements": [plain(1)] * n}]),
    (
        "/blocks/0/elements",
        25,
        lambda n: [actions(*(button(action_id=f"a{k}") for k in range(n)))],
    ),
    ("/blocks/0/elements/0/text/text", 75, lambda n: [actions(button(text=plain(n)))]),
    ("/blocks/0/elements/0/value", 2000, lambda n: [actions(button(value="v" * n))]),
    ("/blocks/0/elements/0/action_id", 255, lambda n: [actions(button(action_id="a" * n))]),
    ("/blocks/0/elements/0/url", 3000, lambda n: [actions(button(url="u" * n))]),
    ("/blocks/0/block_id", 255, lambda n: [{"type": "divider", "block_id": "b" * n}]),
    ("/blocks/0/elements/0/options", 100, lambda n: [actions(select(n))]),
    (
        "/blocks/0/elements/0/options/0/text/text",
        75,
        lambda n: [actions(select(1, text=n))],
    ),
    ("/blocks/0/elements/0/options/0/value", 150, lambda n: [actions(select(1, value=n))]),
    (
        "/blocks/0/elements/0/options",
        5,
        lambda n: [actions({"type": "overflow", "options": [option(k) for k in range(n)]})],
    ),
    (
        "/blocks/0/elements/0/options",
        10,
        lambda n: [actions({"type": "radio_buttons", "options": [option(k) for k in range(n)]})],
    ),
    (
        "/blocks/0/elements/0/confirm/title/text",
        100,
        lambda n: [
            actions(
                button(
                    confirm={
                        "title": plain(n),
                        "text": mrkdwn(300),
                        "confirm": plain(30),
                        "deny": plain(30),
                    }
                )
            )
        ],
    ),
    ("/blocks/0/text", 12_000, lambda n: [{"type": "markdown", "text": "x" * n}]),
    ("/blocks/0/rows", 100, lambda n: [{"type": "table", "rows": cells(n, 2)}]),
    ("/blocks/0/rows/0", 20, lambda n: [{"type": "table", "rows": cells(1, n)}]),
    ("/blocks", 1, lambda n: [{"type": "table", "rows": cells(1, 1)} for _ in range(n)]),
    (
        "/blocks/0/rows",
        101,
        lambda n: [{"type": "data_table", "caption": "c", "rows": cells(n, 2)}],
    ),
    (
        "/blocks",
        10_000,
        lambda n: [
            {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * (n - 5)}]]},
            {
                "type": "data_table",
                "caption": "c" * 99,
                "rows": [
                    [{"type": "raw_text", "text": "x"}, {"type": "raw_text", "text": "x"}],
                    [{"type": "raw_number", "value": 12}, {"type": "raw_number", "value": 1000, "text": "k"}],
                ],
            },
        ],
    ),
    ("/blocks/0/title", 50, lambda n: [chart(title=n)]),
    ("/blocks/0/chart/series", 12, lambda n: [chart(series=n)]),
    ("/blocks/0/chart/axis_config/categories", 20, lambda n: [chart(categories=n)]),
    ("/blocks", 2, lambda n: [chart() for _ in range(n)]),
]

VIEW_LIMITS: list[tuple[str, int, Callable[[int], JsonObject]]] = [
    ("/view/blocks", 100, lambda n: modal(*[DIVIDER] * n)),
    ("/view/title/text", 24, lambda n: {**modal(), "title": plain(n)}),
    ("/view/submit/text", 24, lambda n: modal(submit=plain(n))),
    ("/view/close/text", 24, lambda n: modal(close=plain(n))),
    ("/view/private_metadata", 3000, lambda n: modal(private_metadata="x" * n)),
    ("/view/callback_id", 255, lambda n: modal(callback_id="x" * n)),
    ("/view/external_id", 255, lambda n: modal(external_id="x" * n)),
]


@pytest.mark.parametrize(("pointer", "most", "blocks"), MESSAGE_LIMITS)
def test_a_message_at_a_limit_is_taken_and_one_past_it_is_refused_at_its_place(
    pointer: str, most: int, blocks: Blocks
) -> None:
    assert message_problems(blocks=blocks(most), attachments=None) == []
    problems = message_problems(blocks=blocks(most + 1), attachments=None)
    assert any(f"[json-pointer:{pointer}]" in text for text in problems), problems
    assert all(text.startswith("[ERROR] ") for text in problems)


@pytest.mark.parametrize(("pointer", "most", "view"), VIEW_LIMITS)
def test_a_view_at_a_limit_is_taken_and_one_past_it_is_refused_at_its_place(
    pointer: str, most: int, view: Callable[[int], JsonObject]
) -> None:
    assert view_problems(view(most)) == []
    problems = view_problems(view(most + 1))
    assert any(f"[json-pointer:{pointer}]" in text for text in problems), problems

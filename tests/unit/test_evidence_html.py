"""The evidence pack as a page: whatever people wrote stands in it as text, and the answer stands first."""

import re
from html.parser import HTMLParser

import pytest

from bot.domain.evidence_pack import EvidencePack
from bot.terminal.evidence_html import evidence_html
from bot.terminal.html_text import Html, element
from tests.unit.evidence_samples import decision, pack
from tests.unit.slack.samples import TEXTS

HOSTILE = (
    "</td><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & &lt;b&gt; --> ]]> <!-- </style>"
    "<a href='javascript:alert(1)'>x</a><svg/onload=alert(1)>"
)
OURS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "h1",
    "h2",
    "h3",
    "p",
    "span",
    "nav",
    "a",
    "section",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "pre",
}


class Reader(HTMLParser):
    """The elements, their attributes and the texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)


def page_of(one: EvidencePack) -> str:
    return evidence_html(one, json_name="ledger.json", json_digest="1" * 64)


def read(one: EvidencePack) -> Reader:
    return Reader(page_of(one))


@pytest.mark.parametrize("text", [*TEXTS.values(), HOSTILE])
def test_what_people_wrote_is_text_wherever_it_stands(text: str) -> None:
    page = read(pack(text))
    assert page.open == [], "every element is closed"
    assert {name for name, _ in page.elements} <= OURS
    allowed = {"lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "scope"}
    assert {name for _, attributes in page.elements for name in attributes} <= allowed
    links = [attributes["href"] for name, attributes in page.elements if name == "a"]
    assert links == [f"#{attributes['id']}" for name, attributes in page.elements if name == "section"]


def test_hostile_text_is_read_as_it_was_written() -> None:
    written = read(pack(HOSTILE)).texts
    assert sum(HOSTILE in text for text in written) > 30


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = page_of(pack("Ledger"))
    assert re.findall(r"(?i)https?://|@import|url\(", page) == []
    policies = [a["content"] for name, a in Reader(page).elements if a.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_answer_stands_first_and_then_whether_the_log_can_be_relied_on() -> None:
    texts = [text for text in read(pack("Kim")).texts if text.strip()]
    assert texts[1:4] == [
        "Kim: evidence of the cutover",
        "✅ ledger: cutover GO with conditions, 2026-03-14 03:12:00 UTC · approved by Kim, Kim (2 of 2)",
        "✅ the audit log is whole: 812 entries, and goes through all 1 of its daily anchors",
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "no-go"}, "❌ ledger: cutover NO-GO"),
        (
            {"status": "approving", "ended_at": None, "approvals": ()},
            "⏳ ledger: cutover waits for approvals",
        ),
    ],
)
def test_what_became_of_the_last_request_is_the_answer(changes: dict[str, object], says: str) -> None:
    one = pack("Kim", decisions=(decision("Kim"), decision("Kim", **changes)))
    assert any(text.startswith(says) for text in read(one).texts)


def test_a_migration_whose_cutover_nobody_asked_for_says_so() -> None:
    texts = read(pack("Kim", decisions=())).texts
    assert "❔ ledger: no cutover has been asked for" in texts
    assert "Nothing has been decided." in texts


def test_a_log_that_is_not_whole_is_told_on_top_and_in_its_section() -> None:
    texts = read(pack("Kim", problems=("entry 7 was changed after it was written",))).texts
    assert texts[4].endswith(": entry 7 was changed after it was written")
    assert "❌ entry 7 was changed after it was written" in texts
    assert not any("✅ The log is whole" in text for text in texts)


def test_a_void_approval_is_told_from_those_that_count_and_with_what_was_seen() -> None:
    texts = read(pack("Kim")).texts
    assert texts.count("that of the decision") == 2
    assert texts.count("another than that of the decision") == 1
    assert "no, void since 2026-03-14 03:12:00 UTC: Kim" in texts


def test_expired_and_unknown_are_told_from_failed() -> None:
    texts = read(pack("Kim")).texts
    assert {"✅ passed", "❌ failed", "❌ expired", "❔ unknown"} <= set(texts)


def test_the_pack_is_the_same_when_it_is_read_again_from_json() -> None:
    one = pack(HOSTILE)
    assert EvidencePack.model_validate_json(one.model_dump_json(indent=2)) == one


def test_an_element_escapes_its_texts_and_keeps_its_elements() -> None:
    inner = element("b", "<i>")
    assert element("p", inner, "&", title='"x"') == '<p title="&quot;x&quot;"><b>&lt;i&gt;</b>&amp;</p>'
    assert isinstance(inner, Html)

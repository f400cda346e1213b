"""The picture of a check's history: an SVG in which nothing is told by colour alone."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from bot.domain.check_history import CheckPoint
from bot.terminal.history_picture import history_picture
from tests.integration.services.days import result

NOW = datetime(2026, 3, 31, 7, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*variances: str | None, title: str = "Accounts") -> ET.Element:
    """The picture of a check that found these, a day each."""
    points = [
        CheckPoint(
            reconciliation=str(number),
            at=NOW - timedelta(days=len(variances) - number),
            result=result("accounts", variance).model_copy(update={"title": title}),
        )
        for number, variance in enumerate(variances)
    ]
    return ET.fromstring(history_picture("ledger", points, since=NOW - timedelta(days=30), until=NOW))


def marks(picture: ET.Element) -> list[tuple[str, str]]:
    """What stands for each reconciliation, and its text."""
    groups = picture.findall(f"{SVG}g")
    return [(group[1].tag.removeprefix(SVG), group[0].text or "") for group in groups]


def test_each_verdict_has_a_shape_of_its_own_and_its_numbers_in_words() -> None:
    assert marks(drawn("0.5", "3", None)) == [
        ("circle", "2026-03-28 07:00 UTC: passed, +0.5% (limit 1%)"),
        ("path", "2026-03-29 07:00 UTC: failed, +3% (limit 1%)"),
        ("text", "2026-03-30 07:00 UTC: error, it does not answer"),
    ]


def test_the_line_is_broken_where_nothing_was_compared() -> None:
    lines = drawn("0.5", "0.4", None, "0.3", "0.2").findall(f"{SVG}polyline")
    assert [line.attrib["points"].count(",") for line in lines] == [2, 2]


def test_a_title_with_markup_is_only_text() -> None:
    picture = drawn("0", title='<script>alert("x")</script> & more')
    assert "script" not in {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert '<script>alert("x")</script> & more' in "".join(picture.itertext())


def test_without_a_point_there_is_an_empty_picture() -> None:
    assert marks(drawn()) == []

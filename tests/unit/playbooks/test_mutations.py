"""Whatever is done to a playbook's text, it loads, or there are findings within it."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import PlaybookError
from bot.playbooks.loader import load
from tests.playbook_text import PLAYBOOK, STEP_KINDS, write_playbook

LINES = PLAYBOOK.splitlines(keepends=True)
VALUES = [
    "null",
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    "true",
    "-1",
    "0.5",
    "''",
    "*x",
    "&x y",
    "!!set {a}",
    "1e400",
    "x: y",
]
WORDS = st.sampled_from(sorted(set(PLAYBOOK.replace(",", " ").split()) | set(VALUES)))
LINE_NUMBERS = st.integers(0, len(LINES) - 1)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The playbook with a few lines left out, doubled, indented, cut, or given another value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        index = draw(LINE_NUMBERS)
        key, _, value = lines[index].partition(":")
        cut = draw(st.integers(0, len(lines[index])))
        changed = [
            "",
            lines[index] * 2,
            "  " + lines[index],
            lines[index][:cut] + draw(st.text(max_size=3)) + lines[index][cut:],
            f"{key}: {draw(WORDS)}\n",
            f"{key[: len(key) - len(key.lstrip())]}{draw(WORDS)}:{value}",
            lines[index].replace(draw(WORDS), draw(WORDS)),
        ]
        lines[index] = draw(st.sampled_from(changed))
    return "".join(lines)


def findings_of(text: str, folder: Path) -> list[tuple[int, int, str]]:
    """The findings of a text, none when it loads."""
    try:
        load(write_playbook(folder, text), step_kinds=STEP_KINDS)
    except PlaybookError as error:
        return [(finding.line, finding.column, finding.message) for finding in error.findings]
    return []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated())
def test_a_mutated_playbook_loads_or_has_findings_within_it(tmp_path: Path, text: str) -> None:
    lines = text.replace("\r\n", "\n").count("\n") + text.count("\r") + 2
    for line, column, message in findings_of(text, tmp_path):
        assert 1 <= line <= lines
        assert column >= 1
        assert message == message.strip() != ""

"""The line that says how far a reconciliation at the terminal is."""

import io
import sys

import pytest

from bot.domain.advance import RowProgress
from bot.services.reconciliation_watch import Progress
from bot.terminal.progress_line import ProgressLine

PROGRESS = Progress(
    3, 6, (RowProgress(check="e", title="Employees", rows=412_000, rows_total=1_000_000, seconds_left=19),)
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, columns: int = 200) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", str(columns))
    line = ProgressLine("planwise")
    with line.shown():
        line.show(PROGRESS)
    return stream.getvalue()


def test_it_is_rewritten_in_place_and_taken_away_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Employees: 412,000 of about 1,000,000 rows, about 20 s left (Ctrl-C calls it off)"
    assert shown(Terminal(), monkeypatch) == (f"\r\x1b[2K⏳ planwise: 3 of 6 checks done · {text}\r\x1b[2K")


def test_it_is_cut_to_the_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    first = shown(Terminal(), monkeypatch, columns=30).split("\r\x1b[2K")[1]
    assert first == "⏳ planwise: 3 of 6 checks d…"
    assert len(first) < 30


def test_where_nobody_looks_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(io.StringIO(), monkeypatch) == ""

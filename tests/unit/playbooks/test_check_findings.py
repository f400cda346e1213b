"""Checks and readiness that are wrong in one way: what is said, and where."""

from pathlib import Path

import pytest

from tests.playbook_text import PLAYBOOK, place_of
from tests.unit.playbooks.test_findings import wrong

MORE = """\
    - id: fresh
      title: Fresh
      freshness: {legacy: SELECT MAX(at) FROM loads, at_most: 15m}
      owner: board
      on_fail: Look
    - id: rules
      title: Rules
      rules: {source: new, table: app.people, unique: [[id]], not_null: [email]}
      owner: board
      on_fail: Look
    - id: columns
      title: Columns
      schema: {tables: {legacy: people, new: staff}, renamed: {a: b}, ignore: [c], kinds: {d: text}}
      owner: board
      on_fail: Look
  schedule: {at: "06:30", zone: Europe/Berlin}
  ready_when: {both: {sql: SELECT MAX(at) FROM batches}, by: "07:30", owner: operator}
  coverage: {ignore: [scratch]}
signals:
"""
RIGHT = PLAYBOOK.replace("signals:\n", MORE, 1)


@pytest.mark.parametrize(
    ("right", "written", "where", "message"),
    [
        (
            "owner: operator}\n  cov",
            "owner: oprator}\n  cov",
            "oprator",
            "no role “oprator”; did you mean operator?",
        ),
        ("id: rules", "id: fresh", "fresh\n      title: Rules", "id “fresh” is used twice"),
        (
            '  schedule: {at: "06:30", zone: Europe/Berlin}\n',
            "",
            '"07:30"',
            "by is a local time, and only a schedule says of which zone; add schedule: {at: …, zone: …}",
        ),
        ("ignore: [scratch]", "ignore: [Staff]", "Staff]", "“Staff” is compared by check “columns”"),
        (
            "ignore: [scratch]",
            "ignore: [app.people]",
            "app.people]}",
            "“app.people” is compared by check “rules”",
        ),
        ("renamed: {a: b}", "renamed: {a: b, e: b}", "schema: {tables", "two columns are renamed to one"),
        ("ignore: [c]", "ignore: [d]", "schema: {tables", "d is compared and ignored"),
        (
            "not_null: [email]",
            "not_null: [email, email]",
            "rules: {source: new, t",
            "a rule, or a column of one, is there twice",
        ),
        (
            "kinds: {d: text}",
            "kinds: {d: txt}",
            "txt",
            "expected integer, decimal, float, text, boolean, date, timestamp, timestamptz, time, bytes,"
            " uuid, json or untyped, found “txt”; did you mean text?",
        ),
        ("at_most: 15m", "at_most: 15", "15}", "“15” is not a duration; write 30s, 5m, 1h30m or 14d"),
    ],
)
def test_one_mistake_in_a_check_is_one_finding_at_its_place(
    tmp_path: Path, right: str, written: str, where: str, message: str
) -> None:
    assert right in RIGHT
    text = RIGHT.replace(right, written, 1)
    assert wrong(text, tmp_path) == [(*place_of(text, where), message)]

"""A migration whose steps leave a line each in a file, so that it can be counted what was done.

A step takes about 0.3 s, with its line in the middle, and its probe looks for that line.
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

STEPS = ("one", "two", "three")
FOLLOW_UP = "Find the cause"
TICKET = {"id": "ticket", "title": "Ticket", "pattern": "[A-Z]+-[0-9]+"}
TELLING = {
    "id": "tell",
    "title": "Tell people",
    "uses": "message",
    "with": {"channel": "#incidents", "text": "Work in legacy, please: {input.ticket}"},
    "budget": "1s",
}
STAGE = {"id": "all", "title": "All", "budget": "1m"}
REHEARSAL = {
    "environment": "staging",
    "compare": [
        {
            "id": "books",
            "title": "Books",
            "url": "sqlite:///{environment.folder}/books.db",
            "tables": ["postings"],
        }
    ],
    "forward": "onward",
    "sign_off": ["operator"],
}
_LEAVE_LINE = """
import sys, time
time.sleep(0.12)
with open("ledger.txt", "a") as ledger:
    ledger.write(sys.argv[1] + "\\n")
time.sleep(0.12)
"""
_HEAD = """
migration: ledger
title: General ledger
phase: parallel
channels: {incidents: "#incidents", summaries: "#incidents", approvals: "#incidents"}
roles: {operator: {users: [U0ONCALL, U0SECOND]}}
environments: {production: {}}
sources: {legacy: {url: "sqlite:///legacy.db"}, new: {url: "sqlite:///new.db"}}
reconcile:
  checks:
    - id: rows
      title: Rows
      scalar: {legacy: SELECT 1, new: SELECT 1}
      tolerance: 0%
      owner: operator
      on_fail: Look
decision:
  rollback:
    start: wrong
    nodes:
      wrong:
        ask: Is it wrong?
        answers:
          "yes": {text: "Yes", goto: roll-back, severity: P1}
          unknown: {text: "I don't know", goto: roll-back, severity: P1}
    outcomes: {roll-back: {title: Roll back, rollback: back}}
phases:
  - {id: parallel, kind: parallel, rollback: {role: operator}}
plans:
  back:
    title: Back
    budget: 2m
    stages:
      - id: all
        title: All
        budget: 2m
        steps:
"""


class Ledger:
    """The playbook in a folder of playbooks, and the file that its steps write to.

    With `follow_up_after` there is a follow-up of the operator's, due so long after a run. `rehearsed`,
    it asks for a ticket, and has a staging environment: a folder with a file and a database of its own.
    """

    def __init__(
        self, folder: Path, *, by_hand: bool = False, follow_up_after: str = "", rehearsed: bool = False
    ) -> None:
        self.playbooks = folder
        self._file = folder / "ledger" / "ledger.txt"
        self._file.parent.mkdir(parents=True)
        self._file.touch()
        script = self._file.with_name("leave_line.py")
        script.write_text(_LEAVE_LINE)
        steps = [_step(name, script) for name in STEPS]
        if by_hand:
            manual = {"uses": "manual", "with": {"instructions": "Look"}, "budget": "30s"}
            steps.insert(1, {"id": "by-hand", "title": "By hand", **manual})
        # JSON is YAML, too.
        lines = "".join(f"          - {json.dumps(step)}\n" for step in steps)
        after = ""
        if follow_up_after:
            follow_up = {"id": "cause", "after": follow_up_after, "title": FOLLOW_UP, "owner": "operator"}
            after = f"follow_ups: {json.dumps([follow_up])}\n"
        text = _HEAD.lstrip() + lines + after
        if rehearsed:
            text = self._rehearsed(_HEAD.lstrip(), [*steps, TELLING], _step("onward", script))
        self._file.with_name("playbook.yml").write_text(text)

    @property
    def staging(self) -> Path:
        """The folder in which it is rehearsed."""
        return self._file.with_name("staging")

    def _rehearsed(self, head: str, steps: list[dict[str, object]], onward: dict[str, object]) -> str:
        self.staging.mkdir()
        (self.staging / "ledger.txt").touch()
        with closing(sqlite3.connect(self.staging / "books.db")) as books:
            books.execute("CREATE TABLE postings (id INTEGER, amount TEXT)")
            books.execute("INSERT INTO postings VALUES (1, '10.00'), (2, '20.00')")
            books.commit()
        head = head.replace(
            "{production: {}}", '{production: {folder: "."}, staging: {folder: staging}}'
        ).replace(
            "    budget: 2m\n    stages:", f"    budget: 2m\n    inputs: {json.dumps([TICKET])}\n    stages:"
        )
        lines = "".join(f"          - {json.dumps(_in_folder(step))}\n" for step in steps)
        forward = {"title": "Onward", "budget": "1m", "stages": [{**STAGE, "steps": [_in_folder(onward)]}]}
        return f"{head}{lines}  onward: {json.dumps(forward)}\nrehearsal: {json.dumps(REHEARSAL)}\n"

    def lines(self) -> list[str]:
        """What was done, in order."""
        return self._file.read_text().split()


def _in_folder(step: dict[str, object]) -> dict[str, object]:
    """The step in the folder of its environment."""
    if step["uses"] != "exec" or not isinstance(step["with"], dict):
        return step
    return {**step, "with": {**step["with"], "cwd": "{environment.folder}"}}


def _step(name: str, script: Path) -> dict[str, object]:
    return {
        "id": name,
        "title": f"Leave line {name}",
        "uses": "exec",
        "with": {
            "argv": [sys.executable, "-S", "-E", str(script), name],
            "probe": {"argv": ["/bin/grep", "-qx", name, "ledger.txt"]},
        },
        "budget": "1s",
        "longest": "2s",
    }

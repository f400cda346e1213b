"""A migration whose steps leave a line each in a file, so that it can be counted what was done.

A step takes about 0.3 s, or as long as is asked for, with its line in the middle, and its probe looks for
that line.
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
pause = float((sys.argv[2:] or ["0.12"])[0])
time.sleep(pause)
with open("ledger.txt", "a") as ledger:
    ledger.write(sys.argv[1] + "\\n")
time.sleep(pause)
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
  - {id: parallel, kind: parallel, rollback: {role: operator, quorum: QUORUM}}
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

    `by_hand` puts a manual step after the first one, `wait` one in which nothing happens so long. `pause` is
    the seconds that a step takes before its line, and again after it. `quorum` is how many other people
    have to approve its rollback. With `follow_up_after` there is a follow-up of the operator's, due so long
    after a run. `rehearsed`, it asks for a ticket, and has a staging environment: a folder with a file and a
    database of its own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        by_hand: bool = False,
        wait: str | None = None,
        pause: float = 0.12,
        quorum: int = 0,
        follow_up_after: str = "",
        rehearsed: bool = False,
    ) -> None:
        self.playbooks = folder
        self._file = folder / "ledger" / "ledger.txt"
        self._file.parent.mkdir(parents=True)
        self._file.touch()
        script = self._file.with_name("leave_line.py")
        script.write_text(_LEAVE_LINE)
        steps = [_step(name, script, pause) for name in STEPS]
        if by_hand:
            manual = {"uses": "manual", "with": {"instructions": "Look"}, "budget": "30s"}
            steps.insert(1, {"id": "by-hand", "title": "By hand", **manual})
        if wait is not None:
            steps.insert(1, {"id": "wait", "title": "Wait", "uses": "wait", "with": {"duration": wait}})
        head = _HEAD.lstrip().replace("QUORUM", str(quorum))
        # JSON is YAML, too.
        lines = "".join(f"          - {json.dumps(step)}\n" for step in steps)
        after = ""
        if follow_up_after:
            follow_up = {"id": "cause", "after": follow_up_after, "title": FOLLOW_UP, "owner": "operator"}
            after = f"follow_ups: {json.dumps([follow_up])}\n"
        text = head + lines + after
        if rehearsed:
            text = self._rehearsed(head, [*steps, TELLING], _step("onward", script, pause))
        self._file.with_name("playbook.yml").write_text(text)

    def leave(self, line: str) -> None:
        """A line of something that was done before."""
        with self._file.open("a") as file:
            file.write(f"{line}\n")

    def edit(self, old: str, new: str) -> None:
        """Change the playbook's file."""
        playbook = self._file.with_name("playbook.yml")
        playbook.write_text(playbook.read_text().replace(old, new))

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


def _step(name: str, script: Path, pause: float) -> dict[str, object]:
    return {
        "id": name,
        "title": f"Leave line {name}",
        "uses": "exec",
        "with": {
            "argv": [sys.executable, "-S", "-E", str(script), name, str(pause)],
            "probe": {"argv": ["/bin/grep", "-qx", name, "ledger.txt"]},
        },
        "budget": "1s",
        "longest": f"{2 + 2 * pause:g}s",
    }

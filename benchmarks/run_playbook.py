"""A migration for measured runs: one question, one plan, and an environment for each run at a time."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from benchmarks.slack_forms import PERSON

MIGRATION, ANSWER, PLAN = "ledger", "yes", "back"


def write_playbook(
    playbooks: Path, *, environments: Sequence[str], stages: Sequence[JsonValue], budget: str
) -> Path:
    """Write the playbook into the folder of playbooks; the playbook's own folder."""
    channels = {"incidents": "#incidents", "summaries": "#incidents", "approvals": "#incidents"}
    check = {
        "id": "rows",
        "title": "Rows",
        "scalar": {"legacy": "SELECT 1", "new": "SELECT 1"},
        "tolerance": "0%",
        "owner": "operator",
        "on_fail": "Look",
    }
    answers = {
        ANSWER: {"text": "Yes", "goto": "roll-back", "severity": "P1"},
        "unknown": {"text": "I don't know", "goto": "roll-back", "severity": "P1"},
    }
    document = {
        "migration": MIGRATION,
        "title": "General ledger",
        "phase": "parallel",
        "channels": channels,
        "roles": {"operator": {"users": [PERSON]}},
        "environments": {name: {} for name in ("production", *environments)},
        "sources": {"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": "sqlite:///new.db"}},
        "reconcile": {"checks": [check]},
        "decision": {
            "rollback": {
                "start": "wrong",
                "nodes": {"wrong": {"ask": "Is it wrong?", "answers": answers}},
                "outcomes": {"roll-back": {"title": "Roll back", "rollback": PLAN}},
            }
        },
        "phases": [{"id": "parallel", "kind": "parallel", "rollback": {"role": "operator"}}],
        "plans": {PLAN: {"title": "Back", "budget": budget, "stages": list(stages)}},
    }
    folder = playbooks / MIGRATION
    folder.mkdir(parents=True)
    # JSON is YAML, too.
    (folder / "playbook.yml").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return folder

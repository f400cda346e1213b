"""A migration for measured runs: one question, whose answers are the plans, and many environments."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from benchmarks.slack_forms import PERSON

MIGRATION = "ledger"
_SOURCES: Mapping[str, JsonValue] = {
    "legacy": {"url": "sqlite:///legacy.db"},
    "new": {"url": "sqlite:///new.db"},
}
_CHECK: Mapping[str, JsonValue] = {
    "id": "rows",
    "title": "Rows",
    "scalar": {"legacy": "SELECT 1", "new": "SELECT 1"},
    "tolerance": "0%",
    "owner": "operator",
    "on_fail": "Look",
}


def write_playbook(
    playbooks: Path,
    *,
    environments: Sequence[str],
    plans: Mapping[str, Sequence[JsonValue]],
    sources: Mapping[str, JsonValue] = _SOURCES,
    check: Mapping[str, JsonValue] = _CHECK,
) -> Path:
    """Write the playbook, with the stages of each plan, into the folder of playbooks; its own folder."""
    channels = {"incidents": "#incidents", "summaries": "#incidents", "approvals": "#incidents"}
    answers = {plan: {"text": f"By plan {plan}", "goto": plan, "severity": "P1"} for plan in plans}
    answers["unknown"] = {"text": "I don't know", "goto": next(iter(plans)), "severity": "P1"}
    document = {
        "migration": MIGRATION,
        "title": "General ledger",
        "phase": "parallel",
        "channels": channels,
        "roles": {"operator": {"users": [PERSON]}},
        "environments": {name: {} for name in ("production", *environments)},
        "sources": dict(sources),
        "reconcile": {"checks": [dict(check)]},
        "decision": {
            "rollback": {
                "start": "wrong",
                "nodes": {"wrong": {"ask": "How shall it go back?", "answers": answers}},
                "outcomes": {plan: {"title": "Roll back", "rollback": plan} for plan in plans},
            }
        },
        "phases": [{"id": "parallel", "kind": "parallel", "rollback": {"role": "operator"}}],
        "plans": {
            plan: {"title": f"Back, {plan}", "budget": "1h", "stages": list(stages)}
            for plan, stages in plans.items()
        },
    }
    folder = playbooks / MIGRATION
    folder.mkdir(parents=True)
    # JSON is YAML, too.
    (folder / "playbook.yml").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return folder

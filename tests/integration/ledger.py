"""A small migration for tests: its people, its playbook, its plans."""

from collections.abc import Sequence
from pathlib import Path

from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.plans import Plan

SAM = Actor("U0SAM", "Sam")
KIM = Actor("U0KIM", "Kim")
ANA = Actor("U0ANA", "Ana")
EVE = Actor("U0EVE", "Eve")
# Sam and Kim may roll back, Ana may reconcile, Eve may nothing.
GROUPS = {"ledger-oncall": {"U0SAM", "U0KIM"}, "ledger-data": {"U0ANA"}}

ROLES: dict[str, object] = {
    "operator": {"usergroup": "ledger-oncall"},
    "data": {"usergroup": "ledger-data"},
}

INCIDENTS = "#incidents"
SUMMARIES = "#ledger"

Document = dict[str, object]


def scripted(name: str, *, idempotent: bool = False, budget: str = "30s") -> Document:
    """A step that a test's script decides."""
    parameters = {"value": name, "idempotent": idempotent}
    return {"id": name, "title": f"Do {name}", "uses": "scripted", "with": parameters, "budget": budget}


def manual(name: str) -> Document:
    """A step that a person does."""
    return {"id": name, "title": f"By hand: {name}", "uses": "manual", "with": {"instructions": "Turn it"}}


def wait(name: str, duration: str) -> Document:
    """A step in which nothing happens."""
    return {"id": name, "title": f"Wait: {name}", "uses": "wait", "with": {"duration": duration}}


def message(name: str, text: str) -> Document:
    """A step that posts."""
    return {
        "id": name,
        "title": f"Tell: {name}",
        "uses": "message",
        "with": {"channel": SUMMARIES, "text": text},
    }


def plan(*steps: Document, title: str = "Immediate") -> Document:
    """A plan of one stage."""
    stage = {"id": "back", "title": "Back", "budget": "4m", "steps": list(steps)}
    return {"title": title, "budget": "5m", "stages": [stage]}


def as_plan(*steps: Document) -> Plan:
    """The same, read."""
    return Plan.model_validate(plan(*steps))


def as_stages(*stages: Document) -> Plan:
    """A plan of these stages."""
    each = [
        {"id": f"stage-{number}", "title": f"Stage {number}", "budget": "2m", **stage}
        for number, stage in enumerate(stages, 1)
    ]
    return Plan.model_validate({"title": "Immediate", "budget": "5m", "stages": each})


def _check(name: str) -> Document:
    sides = {"legacy": "SELECT 1", "new": "SELECT 1"}
    return {"id": name, "title": name, "scalar": sides, "owner": "data", "on_fail": "Look", "critical": True}


_TREE = {
    "start": "severity",
    "nodes": {
        "severity": {
            "ask": "How bad is it?",
            "answers": {
                "outage": {"text": "Nobody can work", "goto": "wrong", "severity": "P1"},
                "some": {"text": "Some are hit", "goto": "wrong", "severity": "P2"},
                "unknown": {"text": "I don't know", "goto": "wrong", "severity": "P2"},
            },
        },
        "wrong": {
            "ask": "Is the data wrong?",
            "claim": "The data is wrong",
            "signals": ["variance"],
            "trigger": "variance",
            "answers": {
                "yes": {"text": "Yes", "goto": "back"},
                "no": {"text": "No", "goto": "watch"},
                "unknown": {"text": "I don't know", "goto": "watch"},
            },
        },
    },
    "outcomes": {
        "back": {"title": "Roll back", "rollback": "immediate"},
        "watch": {"title": "Keep watching"},
    },
}


def ledger(
    folder: Path,
    *,
    phase: str = "parallel",
    digest: str = "1" * 64,
    quorum: int = 0,
    follow_ups: Sequence[Document] = (),
    roles: Document | None = None,
    **changes: object,
) -> LoadedPlaybook:
    """The playbook of the migration `ledger`, where so many have to approve a rollback, with these keys of it
    changed."""
    document: Document = {
        "migration": "ledger",
        "title": "General ledger",
        "phase": phase,
        "channels": {"incidents": INCIDENTS, "summaries": SUMMARIES, "approvals": "#cutover"},
        "roles": roles or ROLES,
        "environments": {"production": {}},
        "sources": {"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": "sqlite:///new.db"}},
        "reconcile": {"checks": [_check("accounts"), _check("postings")]},
        "signals": [{"id": "variance", "title": "Variance", "reconcile": "max_critical_variance"}],
        "triggers": [
            {
                "id": "variance",
                "title": "Critical variance",
                "when": {"signal": "variance", "op": ">", "value": "5%"},
                "suggests": "immediate",
            }
        ],
        "decision": {"rollback": _TREE},
        "phases": [
            {"id": "parallel", "kind": "parallel", "rollback": {"role": "operator", "quorum": quorum}},
            {"id": "gone", "kind": "decommissioned", "rollback": "never"},
        ],
        "plans": {
            "immediate": plan(scripted("stop"), scripted("restore", idempotent=True)),
            "careful": plan(manual("look"), scripted("stop"), title="Careful"),
        },
        "follow_ups": follow_ups,
        **changes,
    }
    return LoadedPlaybook(playbook=Playbook.model_validate(document), folder=folder, digest=digest)

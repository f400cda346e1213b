"""A small playbook for reconciliations."""

from pathlib import Path

from bot.domain.playbook.document import Playbook
from bot.domain.playbook.loaded import LoadedPlaybook

FILES = {"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": "sqlite:///new.db"}}


def declared_check(name: str, **comparison: object) -> dict[str, object]:
    """A check of any kind."""
    return {"id": name, "title": name, "owner": "operator", "on_fail": "Look"} | comparison


def scalar_check(name: str, legacy: str, new: str) -> dict[str, object]:
    """A check of one number at 0%."""
    return declared_check(name, scalar={"legacy": legacy, "new": new})


def growth_check(name: str, previous: str) -> dict[str, object]:
    """A check of growth from a figure that is the same on both sides."""
    one, other = {"legacy": "SELECT 1", "new": "SELECT 1"}, {"legacy": previous, "new": previous}
    return declared_check(name, growth={"current": one, "previous": other}, tolerance="0.5pp")


CHECKS = [
    scalar_check("scalar", "SELECT 1", "SELECT 1"),
    scalar_check("no-answer", "SELECT 1", "SELECT nothing"),
    declared_check("groups", grouped={"legacy": "SELECT 'a', 1", "new": "SELECT 'a', 1"}),
    declared_check("groups-differ", grouped={"legacy": "SELECT 'a', 1", "new": "SELECT 'a', 9"}),
    growth_check("growth", "SELECT 2"),
    growth_check("growth-from-zero", "SELECT 0"),
    scalar_check("scalar-differs", "SELECT 1", "SELECT 2"),
]


def loaded_playbook(
    folder: Path,
    checks: list[dict[str, object]],
    *,
    sources: object = None,
    signals: object = (),
    reconcile: dict[str, object] | None = None,
) -> LoadedPlaybook:
    """A playbook with these checks and signals, in that folder; `reconcile` stands beside the checks."""
    answers = {name: {"text": name, "goto": "watch"} for name in ("yes", "unknown")}
    document = {
        "migration": "ledger",
        "title": "Ledger",
        "phase": "parallel",
        "channels": {"incidents": "#incidents", "summaries": "#ledger", "approvals": "#ledger"},
        "roles": {"operator": {"usergroup": "ledger-oncall"}},
        "environments": {"production": {}},
        "sources": sources or FILES,
        "reconcile": {"checks": checks} | (reconcile or {}),
        "signals": signals,
        "decision": {
            "rollback": {
                "start": "bad",
                "nodes": {"bad": {"ask": "Is it bad?", "answers": answers}},
                "outcomes": {"watch": {"title": "Keep watching"}},
            }
        },
        "phases": [{"id": "parallel", "kind": "parallel", "rollback": {"role": "operator"}}],
        "plans": {
            "immediate": {
                "title": "Immediate",
                "budget": "5m",
                "stages": [
                    {
                        "id": "stop",
                        "title": "Stop",
                        "budget": "5m",
                        "steps": [
                            {"id": "stop", "title": "Stop", "uses": "manual", "with": {"instructions": "x"}}
                        ],
                    }
                ],
            }
        },
    }
    return LoadedPlaybook(playbook=Playbook.model_validate(document), folder=folder, digest="0" * 64)

"""A playbook whose tree has each kind of question, walks through it, and runs of its plan."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.domain.given_answer import GivenAnswer
from bot.domain.measurement import Measurement
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.plans import Plan
from bot.domain.run import Run, RunStatus, first_states
from bot.domain.step_state import StepState
from bot.domain.walk import Walk

NOW = datetime(2026, 3, 14, 3, 12, tzinfo=UTC)
SAM = Actor("U1", "Sam")
ANA = Actor("U2", "Ana")

Node = dict[str, object]


def answers(yes: str, no: str, unknown: str) -> Node:
    """The three answers of a question, and where they lead."""
    return {
        "yes": {"text": "Yes", "goto": yes},
        "no": {"text": "No", "goto": no},
        "unknown": {"text": "I don't know", "goto": unknown},
    }


TREE: Node = {
    "start": "severity",
    "nodes": {
        "severity": {
            "ask": "How bad is it?",
            "signals": ["variance"],
            "answers": {
                "p1": {"text": "P1: stopped", "goto": "security", "severity": "P1"},
                "p4": {"text": "P4: nobody", "goto": "watch", "severity": "P4"},
                "unknown": {"text": "I don't know", "goto": "security"},
            },
        },
        "security": {
            "ask": "Was somebody in it?",
            "claim": "Somebody was in it",
            "answers": answers("back", "variance", "access"),
        },
        "variance": {
            "ask": "Is a check off?",
            "claim": "A check is off",
            "signals": ["variance"],
            "trigger": "off",
            "answers": answers("back", "slow", "slow"),
        },
        "slow": {
            "ask": "Is it slow?",
            "signals": ["latency"],
            "trigger": "slow",
            "answers": answers("back", "watch", "access"),
        },
    },
    "outcomes": {
        "back": {"title": "Roll back to legacy", "rollback": "immediate", "advice": "Call payroll"},
        "access": {"title": "Take people off", "rollback": "access"},
        "watch": {"title": "Keep watching", "advice": "Look again in an hour"},
    },
}

SIGNALS: Sequence[Node] = (
    {"id": "variance", "title": "Variance", "reconcile": "max_critical_variance"},
    {
        "id": "latency",
        "title": "p95",
        "http": {"url": "http://127.0.0.1/", "measure": "latency"},
        "baseline": 100,
    },
    {"id": "health", "title": "Health", "http": {"url": "http://127.0.0.1/"}},
)
TRIGGERS: Sequence[Node] = (
    {
        "id": "off",
        "title": "Off by 5%",
        "when": {"signal": "variance", "op": ">", "value": "5%"},
        "suggests": "access",
    },
    {
        "id": "slow",
        "title": "Slower",
        "when": {"signal": "latency", "op": ">", "value": "150%", "of": "baseline"},
        "suggests": "access",
    },
    {
        "id": "down",
        "title": "Down",
        "when": {"signal": "health", "op": "==", "value": False},
        "suggests": "access",
    },
)


def step(name: str, uses: str = "unit", **more: object) -> Node:
    """A step of a plan, as declared."""
    return {"id": name, "title": f"Do {name}", "uses": uses, "budget": "10s", **more}


def plan_of(*stages: Sequence[Node], title: str = "Back at once") -> Node:
    """A plan of these stages of steps, as declared."""
    return {
        "title": title,
        "budget": "5m",
        "stages": [
            {"id": f"stage-{number}", "title": f"Stage {number}", "budget": "1m", "steps": list(steps)}
            for number, steps in enumerate(stages, 1)
        ],
    }


PLAN = plan_of(
    [step("stop"), step("route")], [step("call", "manual"), step("rest", "wait"), step("tell", "message")]
)


def document(**changes: object) -> Node:
    """The whole document, with some of its parts replaced."""
    return {
        "migration": "ledger",
        "title": "General ledger",
        "phase": "parallel",
        "channels": {"incidents": "#incidents", "summaries": "#ledger", "approvals": "#ledger"},
        "roles": {"operator": {"usergroup": "ledger-oncall"}},
        "environments": {"production": {}},
        "sources": {"legacy": {"url": "sqlite:///legacy.db"}, "new": {"url": "sqlite:///new.db"}},
        "reconcile": {
            "checks": [
                {
                    "id": "accounts",
                    "title": "Accounts",
                    "scalar": {"legacy": "SELECT 1", "new": "SELECT 1"},
                    "owner": "operator",
                    "on_fail": "Look",
                }
            ]
        },
        "signals": list(SIGNALS),
        "triggers": list(TRIGGERS),
        "decision": {"rollback": TREE},
        "phases": [{"id": "parallel", "kind": "parallel", "rollback": {"role": "operator"}}],
        "plans": {"immediate": PLAN, "access": plan_of([step("close")], title="Off")},
        **changes,
    }


PLAYBOOK = Playbook.model_validate(document())


def variance(value: str | None, *, at_least: bool = False, problem: str = "") -> Measurement:
    """The measured variance in percent."""
    number = None if value is None else Decimal(value)
    return Measurement("variance", "Variance", NOW, number, "%", problem=problem, at_least=at_least)


def latency(milliseconds: str) -> Measurement:
    """The measured latency."""
    return Measurement("latency", "p95", NOW, Decimal(milliseconds), "ms")


def opened(playbook: Playbook = PLAYBOOK) -> Walk:
    """A walk at its first question."""
    return Walk(
        id="walk",
        incident="incident",
        migration=playbook.migration,
        environment="production",
        started_by=SAM,
        started_at=NOW,
        holder=SAM,
        status="asking",
        place=playbook.decision.rollback.start,
    )


def answered(
    walk: Walk, answer: str, *measured: Measurement, by: Actor = SAM, playbook: Playbook = PLAYBOOK
) -> Walk:
    """The walk after an answer to its open question."""
    given = GivenAnswer(question=walk.place, answer=answer, by=by, at=NOW, measured=measured)
    return walk.answered(playbook, given)


def walked(*answers: str, measured: Mapping[str, Measurement] | None = None) -> Walk:
    """A walk after these answers; `measured` is what stood beside the questions of those names."""
    walk = opened()
    for answer in answers:
        beside = (measured or {}).get(walk.place)
        walk = answered(walk, answer, *([beside] if beside else []))
    return walk


def run_of(
    *states: Mapping[str, object],
    status: RunStatus = "running",
    plan: Node | Plan = PLAN,
    **changes: object,
) -> Run:
    """A run of a plan whose first steps are in these states, the rest pending."""
    made = Plan.model_validate(plan)
    first = first_states(made)
    steps: tuple[StepState, ...] = tuple(
        StepState.model_validate({**state.model_dump(), **(states[index] if index < len(states) else {})})
        for index, state in enumerate(first)
    )
    run = Run(
        id="run",
        incident="incident",
        migration="ledger",
        environment="production",
        title="General ledger",
        folder=Path("/playbooks/ledger"),
        plan_id="immediate",
        plan=made,
        playbook_digest="d" * 64,
        status=status,
        confirmed_by=SAM,
        confirmed_at=NOW,
        detected_at=NOW - timedelta(minutes=9),
        steps=steps,
    )
    return run.model_copy(update=changes)


def after(seconds: float) -> datetime:
    """That long after the beginning."""
    return NOW + timedelta(seconds=seconds)


DONE: dict[str, object] = {"status": "done", "attempt": 1, "started_at": NOW, "ended_at": after(4)}

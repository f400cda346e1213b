"""The plans whose runs are timed: many small steps, a few around a confirmation, and one that waits."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from benchmarks.run_playbook import write_playbook

STEPS = 20
PRODUCTION = "production"
LONG, SHORT, WAITING = "long", "short", "waiting"
BY_HAND = "by-hand"
# What a step does: as little as can be seen from outside.
TOUCH = "/usr/bin/touch"
FIRST, SECOND = "first", "second"


def names() -> tuple[str, ...]:
    """The steps of the long plan; each leaves a file of its name."""
    return tuple(f"step-{number:02}" for number in range(1, STEPS + 1))


def write_plans(playbooks: Path, *, environments: Sequence[str]) -> Path:
    """Write the playbook; the folder in which its steps leave their files."""
    plans: Mapping[str, Sequence[JsonValue]] = {
        LONG: [_stage([_touch(name) for name in names()])],
        SHORT: [_stage([_touch(FIRST), _by_hand(), _touch(SECOND)])],
        WAITING: [_stage([_by_hand()])],
    }
    return write_playbook(playbooks, environments=environments, plans=plans)


def _stage(steps: list[JsonValue]) -> JsonValue:
    return {"id": "all", "title": "All", "budget": "1h", "steps": steps}


def _touch(name: str) -> JsonValue:
    return {"id": name, "title": f"Touch {name}", "uses": "exec", "with": {"argv": [TOUCH, name]}}


def _by_hand() -> JsonValue:
    # A budget that is not over while it is measured.
    return {
        "id": BY_HAND,
        "title": "By hand",
        "uses": "manual",
        "with": {"instructions": "Look"},
        "budget": "30m",
    }

"""The plan under chaos: steps of every nature, a stage of steps side by side, and a confirmation."""

import random
import sys
from pathlib import Path

from pydantic import JsonValue

PLAN, MANUAL = "back", "look"
# Interrupted, these can only be asked about: nothing tells whether they were done.
WITHOUT_PROBE = frozenset({"blind", "blind-again"})
_SCRIPT = Path(__file__).with_name("chaos_step.py")
# Above what an act takes on a busy machine: after an interrupted one, so long is waited before it is
# looked for the last time.
_BUDGET, _LONGEST = "1s", "2s"


def chaos_stages(ledger: Path, chance: random.Random) -> list[JsonValue]:
    """The stages; each act takes 50 to 300 ms."""

    def step(name: str, *, idempotent: bool) -> JsonValue:
        milliseconds = chance.randint(50, 300)
        python: list[JsonValue] = [sys.executable, "-I", "-S", str(_SCRIPT)]
        given: dict[str, JsonValue] = {
            "argv": [*python, "act", str(ledger), str(milliseconds)],
            "idempotent": idempotent,
        }
        if name not in WITHOUT_PROBE:
            given["probe"] = {"argv": [*python, "probe", str(ledger)]}
        title = f"Step {name}"
        return {
            "id": name,
            "title": title,
            "uses": "exec",
            "with": given,
            "budget": _BUDGET,
            "longest": _LONGEST,
        }

    beside: dict[str, JsonValue] = {
        "id": "beside",
        "title": "Side by side",
        "budget": "1m",
        "parallel": True,
        "steps": [
            step("left", idempotent=True),
            step("middle", idempotent=False),
            step("blind", idempotent=True),
        ],
    }
    look: JsonValue = {
        "id": MANUAL,
        "title": "Look",
        "uses": "manual",
        "with": {"instructions": "Look whether it is right so far"},
        "budget": "1m",
    }
    return [
        {
            "id": "first",
            "title": "First",
            "budget": "1m",
            "steps": [step("again", idempotent=True), step("once", idempotent=False)],
        },
        beside,
        {"id": "confirm", "title": "Confirm", "budget": "1m", "steps": [look]},
        {
            "id": "last",
            "title": "Last",
            "budget": "1m",
            "steps": [
                step("after", idempotent=False),
                step("blind-again", idempotent=False),
                step("closing", idempotent=True),
            ],
        },
    ]

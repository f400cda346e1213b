"""Criteria of gates as they are asked for at one moment."""

from datetime import UTC, datetime

from bot.domain.gates.asked import Asked
from bot.domain.playbook.gates import Gate

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def asked(*, now: datetime = NOW, **criterion: object) -> Asked:
    """A criterion as a playbook declares it; `for_` is written `for`."""
    declared = {"for" if key == "for_" else key: value for key, value in criterion.items()}
    gate = Gate.model_validate({"id": "gate", "title": "Gate", "owner": "lead", "criteria": [declared]})
    return Asked(gate="gate", criterion=gate.criteria[0], title="Criterion", owner="lead", rule="{}", now=now)

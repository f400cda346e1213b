"""A preview: valid for ten minutes, its digest over everything that would be done."""

from datetime import timedelta

import pytest

from bot.domain.playbook.plans import Plan
from bot.domain.preview import PlanPreview, StepPreview
from tests.unit.domain.ledger import NOW, PLAN, plan_of, step


def seen(name: str, **more: object) -> StepPreview:
    given: dict[str, object] = {
        "step": name,
        "stage": "stage-1",
        "title": f"Do {name}",
        "effect": "Stops it",
        "exact": f"systemctl stop {name}",
        "budget_seconds": 10,
        "ready": True,
        **more,
    }
    return StepPreview.model_validate(given)


def preview(**changes: object) -> PlanPreview:
    made = PlanPreview(
        id="preview",
        walk="walk",
        migration="ledger",
        environment="production",
        plan_id="immediate",
        plan=Plan.model_validate(PLAN),
        playbook_digest="d" * 64,
        made_at=NOW,
        steps=(seen("stop"), seen("route")),
    )
    return made.model_copy(update=changes)


def test_a_preview_ends_ten_minutes_after_it_was_made() -> None:
    assert preview().expires_at == NOW + timedelta(minutes=10)


def test_the_steps_that_are_not_ready_are_its_problems() -> None:
    broken = seen("route", ready=False, problem="no such host")
    assert preview(steps=(seen("stop"), broken)).problems == (broken,)


@pytest.mark.parametrize(
    "changed",
    [
        {"migration": "other"},
        {"environment": "staging"},
        {"playbook_digest": "e" * 64},
        {"plan": Plan.model_validate(plan_of([step("stop", budget="11s"), step("route")]))},
        {"plan": Plan.model_validate({**PLAN, "budget": "301s"})},
        {"plan": Plan.model_validate({**PLAN, "budget": "5m1ms"})},
        {"steps": (seen("stop"),)},
        {"steps": (seen("route"), seen("stop"))},
        {"steps": (seen("stop", exact="systemctl kill stop"), seen("route"))},
        {"steps": (seen("stop", effect="Stops it twice"), seen("route"))},
    ],
)
def test_the_digest_changes_with_whatever_would_be_done(changed: dict[str, object]) -> None:
    assert preview(**changed).digest() != preview().digest()


def test_the_digest_does_not_change_with_when_it_was_made_or_how_ready_it_is() -> None:
    later = preview(id="again", made_at=NOW + timedelta(hours=1))
    broken = preview(steps=(seen("stop", ready=False, problem="x"), seen("route")))
    assert later.digest() == broken.digest() == preview().digest()


def test_the_digest_is_the_same_after_the_preview_was_stored() -> None:
    stored = PlanPreview.model_validate(preview().model_dump(mode="json", by_alias=True))
    assert stored.digest() == preview().digest()

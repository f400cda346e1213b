"""From what was previewed and confirmed to the run of it."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.person import Actor
from bot.domain.playbook.filling import filled
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.preview import PlanPreview
from bot.domain.run import Run, first_states


def run_of(
    preview: PlanPreview,
    loaded: LoadedPlaybook,
    *,
    incident: str,
    inputs: Mapping[str, str],
    by: Actor,
    at: datetime,
    detected_at: datetime,
    rehearsal: str = "",
) -> Run:
    """The run of a previewed plan, with what was typed filled into it and into the plans it may go to."""
    playbook = loaded.playbook
    plan = filled(preview.plan, "input", inputs)
    others = {
        name: filled(playbook.in_environment(other, preview.environment), "input", inputs)
        for name, other in playbook.fallbacks(preview.plan).items()
    }
    return Run(
        id=preview.id,
        incident=incident,
        migration=preview.migration,
        environment=preview.environment,
        title=playbook.title,
        folder=loaded.folder,
        plan_id=preview.plan_id,
        plan=plan,
        playbook_digest=preview.playbook_digest,
        status="running",
        confirmed_by=by,
        confirmed_at=at,
        detected_at=detected_at,
        fallbacks=others,
        emergency=playbook.emergency or "",
        escalation=playbook.escalation,
        inputs=dict(inputs),
        rehearsal=rehearsal,
        since=preview.since,
        steps=first_states(plan),
    )

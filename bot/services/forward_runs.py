"""Runs that nobody confirms step by step: the cutover on its day, and moves between phases."""

from dataclasses import dataclass
from datetime import date

from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.playbook.filling import filled
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.plans import Plan
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.run_purpose import Purpose, described
from bot.engine import run_telling as telling
from bot.engine.jobs import enqueue_drive
from bot.ports.clock import Clock
from bot.services.starting import run_of
from bot.store.store import Transaction


@dataclass(frozen=True)
class Meant:
    """What a run is for: see `Run`. `back` and `no_return` are those of the cutover."""

    purpose: Purpose
    decision: str = ""
    to_phase: str = ""
    day: date | None = None
    zone: str = "UTC"
    back: str = ""
    no_return: str = ""


class ForwardRuns:
    """Begins them."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def begin(
        self,
        tx: Transaction,
        preview: PlanPreview,
        loaded: LoadedPlaybook,
        meant: Meant,
        *,
        incident: str,
        by: Actor,
        approved_by: tuple[Actor, ...] = (),
    ) -> Run | None:
        """Begin the run of a previewed plan in its record; None while another run is going on."""
        now, playbook = self._clock.now(), loaded.playbook
        # Nobody types anything: what has no default is an input of an emergency plan that cannot be taken.
        inputs = {one.id: one.default for one in preview.inputs if one.default is not None}
        run = run_of(preview, loaded, incident=incident, inputs=inputs, by=by, at=now, detected_at=now)
        untyped = {one.id for one in preview.inputs} - set(inputs)
        emergency = run.emergency if run.emergency and not _asks(playbook, run.emergency, untyped) else ""
        back = _with_fallbacks(playbook, meant.back, preview.environment, inputs) if meant.back else {}
        run = run.model_copy(
            update={
                "purpose": meant.purpose,
                "decision": meant.decision,
                "to_phase": meant.to_phase,
                "day": meant.day,
                "zone": meant.zone,
                "back": meant.back,
                "no_return": meant.no_return,
                "emergency": emergency,
                "fallbacks": {**run.fallbacks, **back},
                "since": now if meant.purpose == "cutover" else run.since,
                "approved_by": approved_by,
            }
        )
        if not await tx.runs.add(run):
            return None
        await telling.audit(
            tx,
            run,
            "run.started",
            now,
            by=by,
            plan=run.plan_id,
            purpose=run.purpose,
            decision=run.decision,
            preview=preview.digest(),
            playbook=run.playbook_digest,
        )
        what = described(run.purpose, run.to_phase)
        text = f"⏳ The {what} begins: plan “{run.plan.title}”, {len(run.steps)} steps"
        problems = "; ".join(f"{step.title}: {step.problem}" for step in preview.problems)
        await telling.tell(tx, run, f"{text}. ❌ Not ready yet: {problems}" if problems else text, now)
        await telling.show(tx, run, now)
        await enqueue_drive(tx, run)
        return run


def _asks(playbook: Playbook, plan_id: str, untyped: set[str]) -> bool:
    return any(one.id in untyped for one in playbook.inputs(playbook.plans[plan_id]))


def _with_fallbacks(
    playbook: Playbook, plan_id: str, environment: str, inputs: dict[str, str]
) -> dict[str, Plan]:
    plan = playbook.plans[plan_id]
    plans = {plan_id: plan, **playbook.fallbacks(plan)}
    given = {**{one.id: one.default for one in playbook.inputs(plan) if one.default is not None}, **inputs}
    return {
        name: filled(playbook.in_environment(one, environment), "input", given) for name, one in plans.items()
    }

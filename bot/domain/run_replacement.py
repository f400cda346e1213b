"""A run that another one goes on in place of: by the playbook's policy, the emergency plan, or an undo."""

from datetime import datetime, timedelta

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.playbook.plans import Plan, Stage, Step
from bot.domain.run import Run, first_states
from bot.domain.run_purpose import in_its_place
from bot.domain.run_steering import stopped


def successor_id(run: Run) -> str:
    """The id of the run that goes on in place of this one: known beforehand, so that previews can name it."""
    first, _, number = run.id.partition(".")
    return f"{first}.{int(number or 1) + 1}"


def predecessor_ids(run_id: str) -> tuple[str, ...]:
    """The ids of the runs that this one went on in place of, the first of them first."""
    first, _, number = run_id.partition(".")
    return tuple(first if count == 1 else f"{first}.{count}" for count in range(1, int(number or 1)))


def replacement(run: Run, *, plan_id: str, plan: Plan, by: Actor, at: datetime) -> Run:
    """The run of another plan that begins where this one ends."""
    return run.model_copy(
        update={
            "id": successor_id(run),
            "plan_id": plan_id,
            "plan": plan,
            "status": "running",
            "confirmed_by": by,
            "confirmed_at": at,
            # What was approved, or started alone, was the other plan.
            "approved_by": (),
            "broke_glass": "",
            "ended_at": None,
            "ended_by": None,
            "end_reason": "",
            "paused_by": None,
            "paused_at": None,
            "replaced_by": "",
            "undoes": "",
            "purpose": in_its_place(run.purpose),
            "to_phase": "" if run.goes_forward else run.to_phase,
            "no_return": "",
            "back": "",
            "version": 1,
            "driver": "",
            "warned": (),
            "steps": first_states(plan),
        }
    )


def replaced(run: Run, *, by: Actor, successor: str, reason: str, at: datetime) -> Run:
    """This run, ended in favour of another. Raises RefusedError while one of its steps acts."""
    if any(state.status == "running" for state in run.steps):
        raise RefusedError("A step is still acting", do="Wait for its end, or abort the run first")
    return run.model_copy(
        update={
            "status": "replaced",
            "ended_at": at,
            "ended_by": by,
            "end_reason": reason,
            "replaced_by": successor,
            "driver": "",
        }
    )


def giving_way(run: Run, *, by: Actor, successor: str, reason: str, at: datetime) -> Run:
    """This run, which ends in favour of another: at once where no step acts, else as soon as none does.

    Raises SupersededError when it is over, or gives way already.
    """
    if not run.active or run.gives_way:
        who = f" by {run.ended_by.name}" if run.ended_by else ""
        what = "another plan goes on in its place already" if run.gives_way else f"it was {run.status}"
        raise SupersededError(f"This run is over: {what}{who}")
    changes = {"ended_by": by, "end_reason": reason, "replaced_by": successor}
    return stopped(run.model_copy(update=changes), at=at)


def undo_plan(run: Run) -> Plan | None:
    """What takes back the steps that were done, in reverse; None when none of them can be."""
    done = [run.step(state.step) for state in run.steps if state.status == "done"]
    undone = [step for step in reversed(done) if step.undo is not None]
    if not undone:
        return None
    steps = tuple(_undoing(step) for step in undone)
    budget = sum((step.budget for step in steps), timedelta())
    stage = Stage(id="undo", title="Take back what was done", budget=budget, steps=steps)
    return Plan(title=f"Undo of “{run.plan.title}”"[:500], budget=budget, stages=(stage,))


def _undoing(step: Step) -> Step:
    undo = step.undo
    if undo is None:
        raise TypeError(step.id)
    return Step(id=step.id, title=undo.title, uses=undo.uses, with_=undo.with_, budget=undo.budget)

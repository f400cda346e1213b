"""What a person may do with a run as a whole: pause it, let it go on, abort it."""

from datetime import datetime

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.run import Run


def paused(run: Run, *, by: Actor, at: datetime) -> Run:
    """No new step begins; what acts now is brought to its end. Raises SupersededError."""
    _must_be_active(run)
    if run.gives_way:
        raise SupersededError("This run ends with the step that acts: another plan goes on in its place")
    if run.status == "paused" and run.paused_by is not None:
        raise SupersededError(f"{run.paused_by.name} paused this run already")
    return run.model_copy(update={"status": "paused", "paused_by": by, "paused_at": at})


def resumed(run: Run) -> Run:
    """It goes on where it stood. Raises SupersededError for a run that is not paused."""
    _must_be_active(run)
    if run.status != "paused":
        raise SupersededError("This run is not paused any more")
    going_on = run.model_copy(update={"status": "running", "paused_by": None, "paused_at": None})
    return going_on.settled_status()


def aborted(run: Run, *, reason: str, by: Actor, at: datetime) -> Run:
    """It ends: at once when nothing acts, else when what acts has been stopped.

    Raises SupersededError, and RefusedError without a reason.
    """
    _must_be_active(run)
    if not reason.strip():
        raise RefusedError("This decision takes a reason", field="reason")
    ending = run.model_copy(
        update={"status": "aborting", "ended_by": by, "end_reason": reason.strip(), "paused_by": None}
    )
    return stopped(ending, at=at)


def stopped(run: Run, *, at: datetime) -> Run:
    """A run that is being aborted, or gives way to another, is over as soon as no step acts any more."""
    ends = run.status == "aborting" or run.gives_way
    if not ends or any(state.status == "running" for state in run.steps):
        return run
    status = "aborted" if run.status == "aborting" else "replaced"
    return run.model_copy(update={"status": status, "ended_at": at, "driver": ""})


def _must_be_active(run: Run) -> None:
    if run.status == "aborting" and run.ended_by is not None:
        raise SupersededError(f"{run.ended_by.name} is aborting this run already")
    if run.status == "queued":
        raise SupersededError("This run has not begun: a step of the one before it still acts")
    if not run.active:
        who = f" by {run.ended_by.name}" if run.ended_by else ""
        raise SupersededError(f"This run is over: it was {run.status}{who}")

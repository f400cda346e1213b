"""Follows a run from its records: a line for each change, with the stopwatch against the budget."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.moves import can_go_on, next_due
from bot.domain.quantities import clock as stopwatch
from bot.domain.run import Run
from bot.domain.step_state import StepState
from bot.ports.clock import Clock
from bot.slack.views.run import STEP_MARKS
from bot.store.store import Store
from bot.terminal.runs import run_line


def at_rest(run: Run, now: datetime) -> bool:
    """Whether it does not go on before a person decides something."""
    return run.status != "queued" and not can_go_on(run, now) and next_due(run, now) is None


class Following:
    """Looks at one run again and again, and at the one that goes on in its place."""

    def __init__(self, run_id: str, *, store: Store, clock: Clock, say: Callable[[str], None]) -> None:
        self._run_id = run_id
        self._store = store
        self._clock = clock
        self._say = say
        self._seen: Run | None = None

    async def look(self) -> Run:
        """The run as it stands; what changed since the last look is said."""
        async with self._store.reading() as tx:
            run = await tx.runs.get(self._run_id)
        self._tell(run)
        self._seen = run
        if run.replaced_by and run.status == "replaced":
            self._run_id, self._seen = run.replaced_by, None
            return await self.look()
        return run

    def _tell(self, run: Run) -> None:
        now = self._clock.now()
        took = f"{stopwatch(run.elapsed(now))} of {stopwatch(run.plan.budget)}"
        before = {state.step: state for state in self._seen.steps} if self._seen else {}
        if self._seen is None:
            self._say(run_line(run))
        for state in run.steps:
            seen = before.get(state.step)
            known = (seen.status, seen.attempt) if seen else ("pending", 0)
            if (state.status, state.attempt) != known:
                self._say(f"{took}  {_step(run, state, now)}")
        if run.status != (self._seen.status if self._seen else "running"):
            said = _status(run)
            if said:
                self._say(f"{took}  {said}")


def _step(run: Run, state: StepState, now: datetime) -> str:
    step = run.step(state.step)
    spent = f" · {stopwatch(state.elapsed(now))} of {stopwatch(step.budget)}" if state.ended_at else ""
    who = f" · {state.decided_by.name}" if state.decided_by else ""
    why = " · ".join(text for text in (state.summary, state.reason) if text)
    return f"{STEP_MARKS[state.status]} {step.title} · {state.status}{spent}{who}{f' · {why}' if why else ''}"


def _status(run: Run) -> str:  # noqa: PLR0911 - one line for each way in which it stands
    who = run.ended_by.name if run.ended_by else ""
    match run.status:
        case "queued":
            return "⏳ begins as soon as the step that acts has ended"
        case "done":
            return f"✅ “{run.plan.title}” is done, {run.progress()}"
        case "aborted":
            return f"❌ aborted by {who}: {run.end_reason}; {run.progress()}"
        case "aborting":
            return f"⏳ {who} aborts it: {run.end_reason}"
        case "replaced":
            return f"❌ given up for run {run.replaced_by}: {run.end_reason}"
        case "paused":
            return f"⏳ paused by {run.paused_by.name if run.paused_by else ''}"
    return ""

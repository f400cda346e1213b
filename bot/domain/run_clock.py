"""A run against its budgets: what is to be warned of, when next, and when it will be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.playbook.plans import WAIT_UNTIL
from bot.domain.quantities import clock
from bot.domain.run import Run
from bot.domain.run_purpose import described

EARLY = 0.8
"""The share of a budget after which its first warning is given."""
_SLOWEST, _FASTEST = 3.0, 0.2


@dataclass(frozen=True)
class TimeWarning:
    """A warning about time. `key` is what it is given once for."""

    key: str
    at: datetime
    text: str


def due_warnings(run: Run, now: datetime) -> tuple[TimeWarning, ...]:
    """The warnings that are to be given now: of a budget spent, the last one alone."""
    due = [one for one in _warnings(run) if one.at <= now and one.key not in run.warned]
    passed = {one.key.rpartition(":")[0] for one in due if one.key.endswith(":over")}
    return tuple(one for one in due if one.key.endswith(":over") or one.key.rpartition(":")[0] not in passed)


def next_warning(run: Run, now: datetime) -> datetime | None:
    """When the next warning is due; None when none is to come as the run stands."""
    return min((one.at for one in _warnings(run) if one.at > now and one.key not in run.warned), default=None)


def projected_end(run: Run, now: datetime) -> timedelta | None:
    """How long the whole will have taken, at the pace until now; None before the first step has ended.

    The budgets of what is left, times the share of their budgets that the steps before took, bounded
    to a fifth and three times. In a parallel stage the longest step counts.
    """
    held = {step.id for step in run.plan.steps if step.uses == WAIT_UNTIL}
    done = [
        state
        for state in run.steps
        if state.status == "done" and state.started_at and state.ended_at and state.step not in held
    ]
    planned = sum((run.step(state.step).budget for state in done), timedelta())
    if not planned:
        return None
    taken = sum((state.elapsed(now) for state in done), timedelta())
    pace = min(max(taken / planned, _FASTEST), _SLOWEST)
    return run.elapsed(now) + _left(run, now, pace)


def _left(run: Run, now: datetime, pace: float) -> timedelta:
    left = timedelta()
    for stage in run.plan.stages:
        each = [
            max(run.step(state.step).budget * pace - state.elapsed(now), timedelta())
            for state in run.states(stage)
            if not state.settled and run.step(state.step).uses != WAIT_UNTIL
        ]
        left += max(each, default=timedelta()) if stage.parallel else sum(each, timedelta())
    return left


def _warnings(run: Run) -> Iterator[TimeWarning]:
    if not run.active:
        return
    what = f"The {described(run.purpose, run.to_phase)}"
    yield from _of("run", what, run.confirmed_at + run.held(), run.plan.budget)
    stage = run.stage
    if stage is None:
        return
    states = run.states(stage)
    starts = [state.started_at - state.spent for state in states if state.started_at]
    if starts:
        start = min(starts) + run.held(stage=stage.id)
        yield from _of(f"stage:{stage.id}", f"Stage “{stage.title}”", start, stage.budget)
    for state in states:
        if state.started_at is not None and state.status in ("running", "waiting") and state.due is None:
            step = run.step(state.step)
            yield from _of(f"step:{step.id}:{state.attempt}", step.title, state.started_at, step.budget)


def _of(key: str, what: str, start: datetime, budget: timedelta) -> Iterator[TimeWarning]:
    spent = f"{what} has taken {clock(budget * EARLY)} of its {clock(budget)}"
    yield TimeWarning(f"{key}:soon", start + budget * EARLY, spent)
    yield TimeWarning(f"{key}:over", start + budget, f"{what} is over its budget of {clock(budget)}")

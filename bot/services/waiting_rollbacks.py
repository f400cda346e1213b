"""What rollbacks wait for people with: approvals, steps by hand, questions, and reviews."""

from bot.domain.playbook.document import Playbook
from bot.domain.run import Run
from bot.domain.step_state import QUESTIONS, StepState
from bot.domain.waiting import WaitingItem
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.phases import present
from bot.services.waiting import OwnRoles
from bot.store.store import Store


class WaitingApprovals:
    """Rollbacks that somebody else asked for, to be approved by the person's role."""

    def __init__(self, *, catalog: Catalog, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._store = store
        self._clock = clock

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """Those that have not run out, and that the person has not approved."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            found = [
                (request, await tx.walks.get(request.walk))
                for request in await tx.start_requests.open()
                if request.migration in self._catalog.migrations and now < request.expires_at
            ]
        items = []
        for request, walk in found:
            approved = any(actor.id == me.person for actor in request.approved_by)
            if approved or me.person == request.asked_by.id:
                continue
            if await me.has(self._catalog.get(request.migration).playbook, request.role):
                items.append(
                    WaitingItem(
                        kind="start-request",
                        migration=request.migration,
                        what=f"rollback asked for by {request.asked_by.name}, {request.count()}",
                        id=request.id,
                        version=walk.version,
                        due=request.expires_at,
                        subject=f"incident:{walk.incident}",
                    )
                )
        return tuple(items)


class WaitingSteps:
    """Steps of runs: what is done by hand, and what failed or is not known and takes a decision."""

    def __init__(self, *, catalog: Catalog, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """Those of the runs that the person may steer now."""
        found: list[tuple[Playbook, Run]] = []
        async with self._store.reading() as tx:
            for run in await tx.runs.active():
                if run.migration in self._catalog.migrations:
                    playbook = self._catalog.get(run.migration).playbook
                    found.append((await present(tx, playbook), run))
        return tuple(
            [
                item
                for playbook, run in found
                if playbook.rollback_role and await me.has(playbook, playbook.rollback_role)
                for item in self._of(run)
            ]
        )

    @staticmethod
    def _of(run: Run) -> list[WaitingItem]:
        if run.status not in ("running", "waiting", "asking", "paused"):
            return []
        by_hand = [one for one in run.steps if one.status == "waiting" and one.due is None]
        asking = [one for one in run.steps if one.status in QUESTIONS]
        return [_question(run, one) for one in asking] + [_step(run, one) for one in by_hand]


class WaitingReviews:
    """Reviews of rollbacks that somebody else started alone."""

    def __init__(self, *, catalog: Catalog, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """Those that the person may close."""
        async with self._store.reading() as tx:
            found = await tx.reviews.open()
        return tuple(
            [
                WaitingItem(
                    kind="review",
                    migration=one.migration,
                    what=f"review of the rollback that {one.broken_by.name} started alone",
                    detail=one.reason,
                    id=one.id,
                    version=1,
                    subject=one.subject,
                    rank=2,
                )
                for one in found
                if one.migration in self._catalog.migrations
                and one.broken_by.id != me.person
                and await me.has(self._catalog.get(one.migration).playbook, one.role)
            ]
        )


def _where(run: Run) -> str:
    return f"rehearsal in {run.environment}" if run.rehearsal else run.plan.title


def _step(run: Run, state: StepState) -> WaitingItem:
    step = run.step(state.step)
    return WaitingItem(
        kind="step",
        migration=run.migration,
        what=f"“{step.title}” is done by hand ({_where(run)})",
        detail=str(step.with_.get("instructions", "")),
        id=run.id,
        version=state.attempt,
        step=state.step,
        name=step.title,
        subject=f"incident:{run.incident}",
    )


def _question(run: Run, state: StepState) -> WaitingItem:
    outcome = "failed" if state.status == "failed" else "may or may not have been done"
    return WaitingItem(
        kind="question",
        migration=run.migration,
        what=f"“{run.step(state.step).title}” {outcome} ({_where(run)}): somebody has to decide",
        detail=state.summary,
        id=run.id,
        version=state.attempt,
        step=state.step,
        subject=f"incident:{run.incident}",
    )

"""What a walk shows: its question with measurements, its verdict with the preview, its end."""

from typing import Literal

from bot.domain.messages.facts import Facts
from bot.domain.messages.start_request import StartRequestFacts
from bot.domain.messages.walk import VerdictFacts, WalkClosedFacts, question_facts
from bot.domain.playbook.document import Playbook
from bot.domain.walk import Walk
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.store.store import Transaction


def next_job(walk: Walk, playbook: Playbook) -> Literal["measure", "preview"] | None:
    """The job that a walk's next picture needs; None when all that it shows is there."""
    question = walk.question(playbook)
    if question is not None and question.signals and walk.measured is None:
        return "measure"
    if walk.status == "concluded" and walk.preview is None and walk.verdict(playbook).plan:
        return "preview"
    return None


class WalkDisplay:
    """Shows a walk in its incident's message, and starts the jobs that its next picture needs."""

    def __init__(self, *, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    async def show(self, tx: Transaction, walk: Walk) -> None:
        """Show the walk as it stands; measure or preview first where that is still to be done."""
        playbook = self._catalog.get(walk.migration).playbook
        await self._start_jobs(tx, walk, playbook)
        incident = await tx.incidents.get(walk.incident)
        await tx.outbox.show(
            channel=incident.channel,
            subject=incident.subject,
            facts=await self._facts(tx, walk, playbook),
            at=self._clock.now(),
        )

    async def _start_jobs(self, tx: Transaction, walk: Walk, playbook: Playbook) -> None:
        job = next_job(walk, playbook)
        if job is not None:
            job_id = f"{job}:{walk.id}:{walk.version}"
            await tx.enqueue(job, job_id=job_id, walk_id=walk.id, version=walk.version)

    async def _facts(self, tx: Transaction, walk: Walk, playbook: Playbook) -> Facts:
        if walk.status == "asking":
            return question_facts(playbook, walk)
        verdict = walk.verdict(playbook)
        if walk.closed_by is not None and walk.closed_at is not None:
            return WalkClosedFacts(
                title=playbook.title,
                migration=walk.migration,
                verdict=verdict,
                closed_by=walk.closed_by.name,
                closed_at=walk.closed_at,
            )
        preview = await tx.walks.preview(walk.preview) if walk.preview else None
        if walk.request is not None and preview is not None:
            request = await tx.start_requests.get(walk.request)
            role = playbook.roles.get(request.role)
            return StartRequestFacts(
                request=request,
                version=walk.version,
                who=f"{request.role} ({role.described()})" if role else request.role,
                severity=walk.severity(playbook),
                verdict=verdict,
                preview=preview,
            )
        expired = None
        if preview is not None:
            expired = await tx.start_requests.expired(walk=walk.id, preview=preview.id)
        return VerdictFacts(
            walk=walk,
            title=playbook.title,
            severity=walk.severity(playbook),
            verdict=verdict,
            plan_title=playbook.plans[verdict.plan].title if verdict.plan else None,
            plans={plan_id: plan.title for plan_id, plan in playbook.plans.items()},
            preview=preview,
            expired=expired,
        )

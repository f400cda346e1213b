"""What stands beside a question or a verdict: from the bot that runs, or else made in this process.

Opening and answering write the same durable jobs as in Slack. A running bot does them; they are waited
for. What is not there then is measured or previewed here, by the function of the job: it is safe to do
twice, and when a bot comes later it leaves what has moved on.
"""

from bot.app import Switchback
from bot.domain.playbook.document import Playbook
from bot.domain.preview import PlanPreview
from bot.domain.walk import Walk
from bot.services.walk_display import next_job
from bot.terminal.beats import POLL_SECONDS, a_bot_runs

PATIENCE_SECONDS = 5.0


class Preparing:
    """Brings a walk to where a person can decide."""

    def __init__(self, switchback: Switchback, playbook: Playbook) -> None:
        self._switchback = switchback
        self._services = switchback.services
        self._clock = switchback.clock
        self._playbook = playbook
        self._bot: bool | None = None

    async def prepared(self, walk: Walk) -> tuple[Walk, PlanPreview | None]:
        """The walk with all that it shows, and the preview that could be confirmed."""
        walk = await self._done(walk)
        preview = await self._preview(walk)
        # What approvals are asked for stays as it was confirmed.
        if preview is not None and walk.request is None and preview.expired(self._clock.now()):
            await self._services.previews.preview(walk.id, walk.version, replaces=walk.preview)
            walk = await self._services.walks.get(walk.id)
            preview = await self._preview(walk)
        return walk, preview

    async def _done(self, walk: Walk) -> Walk:
        if next_job(walk, self._playbook) is None:
            return walk
        if self._bot is None:
            self._bot = await a_bot_runs(store=self._switchback.store, clock=self._clock)
        end = self._clock.monotonic() + (PATIENCE_SECONDS if self._bot else 0)
        while next_job(walk, self._playbook) is not None and self._clock.monotonic() < end:
            await self._clock.sleep(POLL_SECONDS)
            walk = await self._services.walks.get(walk.id)
        job = next_job(walk, self._playbook)
        if job == "measure":
            await self._services.measuring.measure(walk.id, walk.version)
        elif job == "preview":
            await self._services.previews.preview(walk.id, walk.version)
        return await self._services.walks.get(walk.id) if job else walk

    async def _preview(self, walk: Walk) -> PlanPreview | None:
        if walk.preview is None or walk.status != "concluded":
            return None
        async with self._switchback.store.reading() as tx:
            return await tx.walks.preview(walk.preview)

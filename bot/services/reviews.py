"""Closing the review of a run that one person started alone."""

from bot.domain.errors import SupersededError
from bot.domain.messages.review import ReviewFacts
from bot.domain.person import Actor
from bot.domain.review import Review
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.store.store import Store


class ReviewService:
    """Takes what another person of the role found, once."""

    def __init__(self, *, catalog: Catalog, permissions: Permissions, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._store = store
        self._clock = clock

    async def shown(self, review_id: str, *, actor: Actor) -> Review:
        """The open review, for somebody who is about to close it. Raises what `close` raises."""
        async with self._store.reading() as tx:
            review = await tx.reviews.get(review_id)
        review.still_open()
        await self._permissions.may_review(self._catalog.get(review.migration).playbook, review, actor)
        return review

    async def close(self, review_id: str, *, note: str, actor: Actor) -> Review:
        """Close it with a note.

        Raises NotAllowedError, for who went on alone too; RefusedError without a note; SupersededError
        when somebody closed it first.
        """
        review = await self.shown(review_id, actor=actor)
        async with self._store.transaction() as tx:
            now = self._clock.now()
            after = review.closed(by=actor, at=now, note=note)
            if not await tx.reviews.close(after):
                (await tx.reviews.get(review_id)).still_open()
                raise SupersededError("Somebody was faster; see the message as it stands now")
            await tx.journal.record(
                at=now,
                actor=actor,
                kind="review.closed",
                subject=f"review:{review.id}",
                facts={"run": review.run, "broken_by": review.broken_by.id, "note": after.note},
            )
            run = await tx.runs.get(review.run)
            incident = await tx.incidents.get(run.incident)
            text = f"reviewed that {review.broken_by.name} went on alone: {after.note}"
            await tx.incidents.tell(incident, at=now, actor=actor, text=text)
            await tx.outbox.show(
                channel=incident.channel, subject=after.subject, facts=ReviewFacts(review=after), at=now
            )
        return after

"""Once a day the audit log's last entry is kept and posted; a rewritten log does not go through it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bot.domain.audit import GENESIS, lost_anchors
from bot.services.audit_anchoring import AuditAnchoring
from bot.services.catalog import Catalog
from bot.store.store import Store
from bot.store.tables import audit, audit_head
from tests.integration.ledger import SAM, ledger
from tests.integration.trial import Trial


async def _something_happens(store: Store, trial: Trial, *, times: int = 3) -> None:
    for number in range(times):
        async with store.transaction() as tx:
            await tx.journal.record(
                at=trial.clock.now(), actor=SAM, kind="trial", subject="s", facts={"n": number}
            )


async def _rewrite(store: Store, *, actor: str) -> None:
    """What somebody does who has the database and knows how the chain is made."""
    async with store.reading() as tx:
        chain, _ = await tx.journal.chain()
    async with store.database.writing(later=False) as connection:
        digest = GENESIS
        for entry, _ in chain:
            forged = replace(entry, actor=actor, previous=digest)
            digest = forged.digest()
            values = {"actor": actor, "previous": forged.previous, "digest": digest}
            await connection.execute(audit.update().where(audit.c.number == entry.number).values(values))
        await connection.execute(audit_head.update().values(digest=digest))


async def _lost(store: Store) -> list[str]:
    async with store.reading() as tx:
        chain, problems = await tx.journal.chain()
        assert problems == [], "the chain by itself is whole"
        kept = await tx.audit_anchors.all()
    digests = {entry.number: digest for entry, digest in chain}
    return lost_anchors(digests, [one.anchored for one in kept])


async def test_a_days_anchor_is_kept_and_posted_to_each_channel_once(trial: Trial, tmp_path: Path) -> None:
    await _something_happens(trial.store, trial)
    await trial.services.anchoring.look()
    await trial.services.anchoring.look()
    async with trial.store.reading() as tx:
        (anchor,) = await tx.audit_anchors.all()
    assert (anchor.number, str(anchor.day)) == (3, "2026-03-14")
    (row,) = await trial.messages("audit.anchor")
    assert (row.channel, row.facts["number"], row.facts["digest"]) == ("#cutover", 3, anchor.digest)
    assert (await trial.audited())[-1] == ("audit.anchored", "switchback (Switchback)")


async def test_migrations_of_one_channel_hear_of_it_once_and_those_of_another_too(trial: Trial) -> None:
    await _something_happens(trial.store, trial)
    other = {"incidents": "#incidents", "summaries": "#ledger", "approvals": "#board"}
    first = ledger(trial.folder)
    catalog = Catalog({"a": first, "b": first, "c": ledger(trial.folder, channels=other)})
    await AuditAnchoring(catalog=catalog, store=trial.store, clock=trial.clock).look()
    assert [row.channel for row in await trial.messages("audit.anchor")] == ["#board", "#cutover"]


async def test_of_replicas_that_look_at_once_one_posts(trial: Trial) -> None:
    await _something_happens(trial.store, trial)
    await asyncio.gather(*(trial.services.anchoring.look() for _ in range(5)))
    assert len(await trial.messages("audit.anchor")) == 1


async def test_the_next_day_has_an_anchor_of_its_own(trial: Trial) -> None:
    await _something_happens(trial.store, trial)
    await trial.services.anchoring.look()
    trial.clock.advance(hours=20, minutes=47)
    await trial.services.anchoring.look()
    assert len(await trial.messages("audit.anchor")) == 1, "23:59"
    trial.clock.advance(minutes=1)
    await trial.services.anchoring.look()
    async with trial.store.reading() as tx:
        days = [str(anchor.day) for anchor in await tx.audit_anchors.all()]
    assert days == ["2026-03-14", "2026-03-15"]


async def test_an_empty_log_has_no_anchor(trial: Trial) -> None:
    await trial.services.anchoring.look()
    assert await trial.messages("audit.anchor") == []


async def test_the_log_that_grew_goes_through_its_anchors(trial: Trial) -> None:
    for _ in range(3):
        await _something_happens(trial.store, trial)
        await trial.services.anchoring.look()
        trial.clock.advance(hours=24)
    assert await _lost(trial.store) == []


async def test_a_rewritten_log_is_whole_and_does_not_go_through_its_anchor(trial: Trial) -> None:
    await _something_happens(trial.store, trial)
    await trial.services.anchoring.look()
    await _rewrite(trial.store, actor="U0EVE (Eve)")
    assert await _lost(trial.store) == [
        "entry 3 is another one than that of the anchor of 2026-03-14: the log was rewritten"
    ]


async def test_a_log_that_was_begun_anew_does_not_have_the_entry_of_its_anchor(trial: Trial) -> None:
    await _something_happens(trial.store, trial)
    await trial.services.anchoring.look()
    async with trial.store.database.writing(later=False) as connection:
        await connection.execute(sa.delete(audit))
        await connection.execute(audit_head.update().values(number=0, digest=GENESIS))
    assert await _lost(trial.store) == ["entry 3 of the anchor of 2026-03-14 is not in the log"]

"""The weekly review of gates, on a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

from bot.domain.decision import Decision
from bot.domain.gates.board import Board
from bot.domain.messages.gates import GatesFacts
from bot.domain.phase_move import PhaseMove
from tests.integration.ledger import KIM, SAM, SUMMARIES
from tests.integration.services.gate_board import bot_of, gate, gated, state
from tests.integration.trial import Trial

SIGNED = {"sign_off": "operator", "statement": "The support plan is in place"}
REVIEW = {"on": "mon", "at": "09:00", "zone": "Europe/Berlin"}
# Clocks there are put forward on 29 March: 09:00 is 08:00 UTC before, and 07:00 UTC after.
FIRST, SECOND = "2026-03-16 08:00", "2026-03-23 08:00"


def at(trial: Trial, moment: str) -> None:
    """Move the clock on to a moment in UTC."""
    ahead = datetime.fromisoformat(moment).replace(tzinfo=UTC) - trial.clock.now()
    assert ahead >= timedelta()
    trial.clock.advance(ahead.total_seconds())


@asynccontextmanager
async def replica(trial: Trial, ids: str = "bot", **changes: object) -> AsyncIterator[Trial]:
    loaded = gated(trial.folder, gate(SIGNED), gate_review=REVIEW, **changes)
    async with bot_of(trial, loaded, ids=ids) as product:
        yield product


async def look(product: Trial) -> None:
    await product.gates.reviews.look()
    await product.work()


async def told(product: Trial) -> list[GatesFacts]:
    rows = await product.messages("gates")
    assert {row.channel for row in rows} <= {SUMMARIES}
    return [GatesFacts.model_validate(row.facts) for row in rows]


async def test_a_review_that_is_new_waits_for_its_day(trial: Trial) -> None:
    async with replica(trial) as bot:
        await look(bot)
        at(trial, "2026-03-16 07:59")
        await look(bot)
        assert await told(bot) == []
        at(trial, FIRST)
        await look(bot)
        (review,) = [one.review for one in await told(bot)]
        assert review is not None
        assert (review.day, review.before) == (date(2026, 3, 16), None)


async def test_two_replicas_that_look_at_once_tell_it_once(trial: Trial) -> None:
    async with replica(trial) as one, replica(trial, "other") as other:
        await look(one)
        at(trial, FIRST)
        await asyncio.gather(*(product.gates.reviews.look() for product in (one, other, one, other)))
        assert len(await trial.waiting_jobs()) == 1
        await one.work()
        # The same job, done again by another replica after the first one died.
        await other.gates.reviews.review("ledger", "2026-03-16")
        assert len(await told(one)) == 1
        assert [kind for kind, _ in await trial.audited() if kind == "gates.reviewed"] == ["gates.reviewed"]


async def test_after_weeks_away_the_last_week_is_reviewed_and_not_those_between(trial: Trial) -> None:
    async with replica(trial) as bot:
        await look(bot)
        at(trial, FIRST)
        await look(bot)
        at(trial, "2026-04-08 12:00")
        await look(bot)
        await look(bot)
        reviews = [one.review for one in await told(bot)]
        assert [one.day for one in reviews if one] == [date(2026, 3, 16), date(2026, 4, 6)]
        assert reviews[1] is not None
        assert reviews[1].before == date(2026, 3, 16)


async def test_the_difference_is_to_the_review_before_whatever_was_asked_for_between(trial: Trial) -> None:
    async with replica(trial) as bot:
        await look(bot)
        at(trial, FIRST)
        await look(bot)
        loaded = bot.services.catalog.get("ledger")
        await state(bot, loaded, "data", "sign-off-operator", by=SAM.id)
        assert (await bot.services.gates.evaluate("ledger", cause="somebody looked")).passes
        at(trial, SECOND)
        await look(bot)
        review = (await told(bot))[-1].review
        assert review is not None
        assert [(one.passes, one.what) for one in review.changes] == [
            (True, "Data parity: The support plan is in place")
        ]
        assert (review.passed_before, review.gates_before) == (0, 1)


async def test_the_week_follows_the_wall_clock_of_its_zone(trial: Trial) -> None:
    async with replica(trial) as bot:
        at(trial, "2026-03-25 00:00")
        await look(bot)
        at(trial, "2026-03-30 06:59")
        await look(bot)
        assert await told(bot) == []
        at(trial, "2026-03-30 07:00")
        await look(bot)
        assert len(await told(bot)) == 1


async def test_when_legacy_is_gone_nothing_is_reviewed(trial: Trial) -> None:
    async with replica(trial) as bot:
        await look(bot)
        move = PhaseMove(
            migration="ledger", number=1, phase="gone", since=trial.clock.now(), by=SAM, reason="It is over"
        )
        async with trial.store.transaction() as tx:
            assert await tx.phases.add(move)
        at(trial, FIRST)
        await look(bot)
        assert await told(bot) == []


async def test_a_week_that_a_wrong_clock_made_is_made_again(trial: Trial) -> None:
    async with replica(trial) as bot:
        await look(bot)
        trial.clock.set_by(timedelta(days=700))
        await look(bot)
        assert len(await told(bot)) == 1
        trial.clock.set_by(-timedelta(days=700))
        await look(bot)
        at(trial, FIRST)
        await look(bot)
        days = [one.review.day for one in await told(bot) if one.review]
        assert days[-1] == date(2026, 3, 16)


async def test_the_agenda_has_open_discrepancies_decisions_and_the_end_of_the_phase(trial: Trial) -> None:
    phases = [
        {"id": "parallel", "kind": "parallel", "weeks": 2, "rollback": {"role": "operator"}},
        {"id": "gone", "kind": "decommissioned", "title": "Legacy gone", "rollback": "never"},
    ]
    async with replica(trial, phases=phases) as bot:
        await bot.services.phases.begin()
        await look(bot)
        decision = Decision(
            id="d",
            migration="ledger",
            kind="cutover",
            status="approving",
            asked_by=KIM,
            asked_at=trial.clock.now(),
            expires_at=trial.clock.now() + timedelta(days=3),
            from_phase="parallel",
            to_phase="gone",
            playbook_digest="1" * 64,
            role="board",
            needed=2,
            evidence=Board(
                migration="ledger", title="Ledger", at=trial.clock.now(), playbook_digest="1", gates=()
            ),
        )
        async with trial.store.transaction() as tx:
            assert await tx.decisions.add(decision)
        at(trial, FIRST)
        await look(bot)
        review = (await told(bot))[-1].review
        assert review is not None
        assert review.agenda.open_discrepancies == 0
        assert review.agenda.decisions == (
            "Cutover: asked by Kim 14 Mar 2026, waits until 17 Mar 2026",
            "Phase parallel is to end 28 Mar 2026 (in 11 days); next is Legacy gone",
        )

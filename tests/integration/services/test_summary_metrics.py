"""A summary that did not come is visible from outside."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.domain.playbook.loaded import LoadedPlaybook
from bot.metrics import Metrics
from bot.store.tables import outbox
from tests.integration.services.days import Days, lived, scheduled
from tests.integration.trial import Trial

LAST, DUE, CLEAN = (
    "switchback_summary_last_timestamp_seconds",
    "switchback_summary_due_timestamp_seconds",
    "switchback_clean_days",
)
READY = {"both": {"sql": "SELECT max(loaded_at) FROM batches"}, "by": "08:00"}


async def _gauges(days: Days) -> dict[str, float]:
    metrics = Metrics(
        store=days.trial.store,
        catalog=days.trial.services.catalog,
        clock=days.trial.clock,
        connected=lambda: True,
    )
    lines = (await metrics.text()).decode().splitlines()
    pairs = [line.split('{migration="ledger"} ') for line in lines if '{migration="ledger"}' in line]
    return {name: float(value) for name, value in pairs}


async def _deliver(days: Days, status: str = "sent") -> None:
    async with days.trial.store.transaction() as tx:
        await tx.connection.execute(outbox.update().values(status=status))


def _at(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


async def test_without_a_schedule_there_is_nothing_to_wait_for(trial: Trial) -> None:
    async with lived(trial, _unscheduled(trial)) as days:
        await days.look_at("2026-03-14 06:30")
        assert not {LAST, DUE, CLEAN} & (await _gauges(days)).keys()
        assert await days.days() == []


def _unscheduled(trial: Trial) -> LoadedPlaybook:
    loaded = scheduled(trial)
    reconcile = loaded.playbook.reconcile.model_copy(update={"schedule": None})
    playbook = loaded.playbook.model_copy(update={"reconcile": reconcile})
    return LoadedPlaybook(playbook=playbook, folder=loaded.folder, digest=loaded.digest)


async def test_the_time_of_the_last_and_of_the_next_go_on_when_one_has_arrived(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        before = await _gauges(days)
        assert (before.get(LAST), before[DUE], before[CLEAN]) == (None, _at("2026-03-14 06:30"), 0)
        await days.look_at("2026-03-14 06:30")
        await _deliver(days)
        after = await _gauges(days)
        assert (after[LAST], after[DUE]) == (_at("2026-03-14 06:30"), _at("2026-03-15 06:30"))
        assert after[CLEAN] == 1


async def test_one_that_slack_has_not_or_will_not_take_is_overdue(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        for status in ("pending", "dead"):
            await _deliver(days, status)
            gauges = await _gauges(days)
            assert (gauges.get(LAST), gauges[DUE]) == (None, _at("2026-03-14 06:30"))


async def test_one_whose_reconciliation_goes_on_or_was_never_begun_is_overdue(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        days.at("2026-03-14 09:00")
        assert (await _gauges(days))[DUE] == _at("2026-03-14 06:30")
        await days.trial.daily.look()
        assert (await _gauges(days))[DUE] == _at("2026-03-14 06:30")


async def test_one_that_waits_for_its_sides_is_expected_when_the_wait_ends(trial: Trial) -> None:
    async with lived(trial, scheduled(trial, ready_when=READY)) as days:
        await days.look()
        days.not_ready()
        await days.look_at("2026-03-14 06:30")
        await _deliver(days)
        assert (await _gauges(days))[DUE] == _at("2026-03-14 08:00")


async def test_one_that_was_missed_is_no_longer_expected(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        await _deliver(days)
        # The bot was away over the 15th, and looks before the 16th's is due.
        await days.look_at("2026-03-16 03:00")
        assert (await _gauges(days))[DUE] == _at("2026-03-16 06:30")
        assert (await _gauges(days))[CLEAN] == 0
        async with days.trial.store.reading() as tx:
            count = sa.select(sa.func.count()).select_from(outbox)
            assert (await tx.connection.execute(count)).scalar_one() == 1

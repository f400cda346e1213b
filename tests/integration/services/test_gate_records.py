"""Criteria on the evidence that reconciliations, samples, incidents and rehearsals leave in the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from bot.domain.gates.board import CriterionResult
from bot.domain.measurement import Measurement
from bot.domain.playbook.gates import Gate
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.rehearsal import Rehearsed, RehearsedRun
from bot.services.meant_discrepancies import One
from bot.store.decision_tables import metric_samples
from bot.store.incidents import Incident
from tests.integration.ledger import ANA, INCIDENTS, SAM, Document
from tests.integration.services.days import Days, lived, scheduled
from tests.integration.services.gate_board import bot_of, gate, gated, only
from tests.integration.trial import Trial

CLEAN = {"check": "accounts", "clean_for": "3d", "max_age": "2d"}
METRIC = {"metric": "variance", "op": "<", "value": "5%", "over": "1h"}


def with_gate(loaded: LoadedPlaybook, *criteria: Document) -> LoadedPlaybook:
    """The same playbook with one gate."""
    playbook = loaded.playbook.model_copy(update={"gates": (Gate.model_validate(gate(*criteria)),)})
    return LoadedPlaybook(playbook=playbook, folder=loaded.folder, digest=loaded.digest)


async def judged(days: Days) -> CriterionResult:
    return only(await days.trial.services.gates.evaluate("ledger", cause="test"))


async def test_days_that_were_lived_through_are_clean_until_one_is_not(trial: Trial) -> None:
    async with lived(trial, with_gate(scheduled(trial), CLEAN)) as days:
        await days.look()
        assert (await judged(days)).state == "unknown"
        for number in (14, 15):
            await days.look_at(f"2026-03-{number} 06:30")
        found = await judged(days)
        assert (found.state, found.how) == ("fail", "2 daily reconciliations, 14 Mar to 15 Mar 2026")
        await days.look_at("2026-03-16 06:30")
        assert (await judged(days)).state == "pass"
        days.find(accounts="3")
        await days.look_at("2026-03-17 06:30")
        found = await judged(days)
        assert found.reason == (
            "clean for 0 of 3 scheduled days (3 days wanted); 17 Mar 2026: +3% (limit 1%)"
        )


async def test_another_checks_failure_is_another_criterions(trial: Trial) -> None:
    async with lived(trial, with_gate(scheduled(trial), {**CLEAN, "clean_for": "1d"})) as days:
        await days.look()
        days.find(postings="3")
        await days.look_at("2026-03-14 06:30")
        assert (await judged(days)).state == "pass"


async def test_a_day_on_which_the_bot_was_away_is_not_clean_and_what_is_old_expires(trial: Trial) -> None:
    async with lived(trial, with_gate(scheduled(trial), CLEAN)) as days:
        await days.look()
        for number in (14, 15, 16):
            await days.look_at(f"2026-03-{number} 06:30")
        days.at("2026-03-18 06:00")
        found = await judged(days)
        assert (found.state, "17 Mar 2026: no daily reconciliation" in found.reason) == ("fail", True)
        days.at("2026-03-19 06:30")
        assert (await judged(days)).state == "expired"


@pytest.mark.parametrize("explained_is_clean", [True, False])
async def test_what_was_explained_when_its_summary_was_told_is_clean_where_the_playbook_says_so(
    trial: Trial, *, explained_is_clean: bool
) -> None:
    loaded = scheduled(trial, explained_is_clean=explained_is_clean)
    async with lived(trial, with_gate(loaded, {**CLEAN, "clean_for": "1d"})) as days:
        await days.look()
        days.find(accounts="3")
        await days.look_at("2026-03-14 06:30")
        assert (await judged(days)).state == "fail"
        async with trial.store.reading() as tx:
            (entry,) = await tx.discrepancies.listed("ledger")
        await days.trial.services.discrepancies.explain(
            One(entry.id, entry.version), category="data_mapping", text="It is known", actor=ANA
        )
        # Whether its day was clean stays as it was told.
        assert (await judged(days)).state == "fail"
        await days.look_at("2026-03-15 06:30")
        found = await judged(days)
        assert found.state == ("pass" if explained_is_clean else "fail")
        assert ("1 of them with what differs explained" in found.reason) is explained_is_clean


async def _incident(
    trial: Trial, name: str, *, severity: str | None, environment: str = "production"
) -> None:
    async with trial.store.transaction() as tx:
        await tx.incidents.add(
            Incident(
                id=name,
                migration="ledger",
                environment=environment,
                channel=INCIDENTS,
                opened_at=trial.clock.now(),
                opened_by=SAM,
                severity=severity,
            )
        )


@asynccontextmanager
async def gates_of(trial: Trial, *criteria: Document, ids: str = "bot") -> AsyncIterator[Trial]:
    loaded = gated(trial.folder, gate(*criteria))
    async with bot_of(trial, loaded, ids=ids) as product:
        yield product


async def state_of(product: Trial) -> CriterionResult:
    return only(await product.services.gates.evaluate("ledger", cause="test"))


async def test_incidents_of_production_count_while_they_are_open_and_in_the_window(trial: Trial) -> None:
    async with gates_of(trial, {"no_incident": ["P1", "P2"], "for": "14d"}) as product:
        assert (await state_of(product)).state == "unknown"
        await product.services.phases.begin()
        assert "on record for less than a minute only" in (await state_of(product)).reason
        trial.clock.advance(hours=24 * 20)
        assert (await state_of(product)).state == "pass"
        await _incident(product, "in-staging", severity="P1", environment="staging")
        await _incident(product, "small", severity="P3")
        assert (await state_of(product)).state == "pass"
        await _incident(product, "bad", severity="P2")
        assert (await state_of(product)).state == "fail"
        async with trial.store.transaction() as tx:
            await tx.incidents.close("bad", trial.clock.now())
        trial.clock.advance(hours=24 * 13)
        assert (await state_of(product)).state == "fail"
        trial.clock.advance(hours=24)
        assert (await state_of(product)).state == "pass"


def _rehearsal(trial: Trial, name: str, *, plan: str = "immediate", problem: str = "") -> Rehearsed:
    now = trial.clock.now()
    return Rehearsed(
        id=name,
        incident="staged",
        migration="ledger",
        title="General ledger",
        environment=f"staging-{name}",
        plan_id=plan,
        playbook_digest="1" * 64,
        within_seconds=60,
        back="run",
        inputs={},
        compared=False,
        sign_off=(),
        status="ended",
        started_by=SAM,
        started_at=now,
        ended_at=now,
        problem=problem,
        runs=(RehearsedRun(run="run", plan_id=plan, status="done", seconds=50, steps=()),),
    )


async def test_the_newest_rehearsal_of_the_plan_counts_and_no_other(trial: Trial) -> None:
    wanted = {"rehearsal": "immediate", "within": "30d", "data_preserved": False}
    async with gates_of(trial, wanted) as product:
        assert (await state_of(product)).state == "fail"
        await _incident(product, "staged", severity=None, environment="staging")
        for one in (
            _rehearsal(trial, "r1", problem="it went wrong"),
            _rehearsal(trial, "r2"),
            _rehearsal(trial, "r3", plan="careful", problem="another plan"),
        ):
            async with trial.store.transaction() as tx:
                assert await tx.rehearsals.add(one)
        found = await state_of(product)
        assert (found.state, found.evidence) == ("pass", ("rehearsal:r2",))
        trial.clock.advance(hours=24 * 31)
        assert (await state_of(product)).state == "expired"


async def _samples(trial: Trial) -> int:
    async with trial.store.database.reading() as connection:
        count = sa.select(sa.func.count()).select_from(metric_samples)
        return int((await connection.execute(count)).scalar_one())


async def test_replicas_take_one_sample_for_each_moment_that_is_due(trial: Trial) -> None:
    async with gates_of(trial, METRIC) as one, gates_of(trial, METRIC, ids="other") as other:
        for product in (one, other):
            product.signals.values["variance"] = Decimal("1.5")
        for minute in range(60):
            await one.gates.sampling.look()
            if minute % 3 == 0:
                await other.gates.sampling.look()
            trial.clock.advance(minutes=1)
        # 03:12 to 04:11, every five minutes: those of 03:10 to 04:10.
        assert await _samples(trial) == 13
        found = await state_of(one)
        assert found.state == "pass"
        assert "100% of 12 samples" in found.reason


async def test_a_sample_that_comes_second_leaves_the_first_one(trial: Trial) -> None:
    async with gates_of(trial, METRIC) as one, gates_of(trial, METRIC, ids="other") as other:
        one.signals.values["variance"] = Decimal("1.5")
        other.signals.values["variance"] = Decimal(9)
        one.signals.held.clear()
        looking = [product.gates.sampling.look() for product in (one, other)]
        first = asyncio.ensure_future(looking[0])
        await one.signals.asked.wait()
        await looking[1]
        one.signals.held.set()
        await first
        async with trial.store.reading() as tx:
            kept = await tx.metric_samples.since("ledger", "variance", trial.clock.now() - timedelta(hours=1))
        assert [sample.value for sample in kept] == [Decimal(9)]


async def test_a_signal_that_cannot_be_measured_is_unknown(trial: Trial) -> None:
    async with gates_of(trial, METRIC) as product:
        assert (await state_of(product)).reason == "never measured yet"
        for _ in range(13):
            await product.gates.sampling.look()
            trial.clock.advance(minutes=5)
        found = await state_of(product)
        assert (found.state, found.reason) == ("unknown", "not measured: not reachable")


async def test_samples_that_no_window_reaches_are_forgotten(trial: Trial) -> None:
    async with gates_of(trial, METRIC) as product:
        await product.gates.sampling.look()
        trial.clock.advance(hours=24 * 60)
        await product.gates.sampling.look()
        assert await _samples(trial) == 1


@pytest.mark.parametrize("value", [Decimal("7.2"), Decimal(1), True, False, None])
async def test_a_sample_comes_back_as_it_was_measured(trial: Trial, value: Decimal | bool | None) -> None:
    sample = Measurement(
        signal="variance", title="Variance", at=trial.clock.now(), value=value, unit="%", at_least=True
    )
    async with trial.store.transaction() as tx:
        assert await tx.metric_samples.add("ledger", sample, due=trial.clock.now())
        assert not await tx.metric_samples.add("ledger", sample, due=trial.clock.now())
    async with trial.store.reading() as tx:
        (kept,) = await tx.metric_samples.since("ledger", "variance", trial.clock.now())
    assert kept == sample
    assert type(kept.value) is type(value)

"""Replicas on one database: a silent one's runs go on elsewhere, and a frozen one that thaws acts no more."""

from bot.engine.replicas import Replicas
from tests.integration.ledger import INCIDENTS, as_plan, manual, scripted
from tests.integration.trial import Trial


class Adopted:
    """Notes whose jobs were taken over."""

    def __init__(self) -> None:
        self.of: list[str] = []

    async def adopt(self, replica: str) -> None:
        self.of.append(replica)


def _replicas(trial: Trial, replica: str, adopted: Adopted) -> Replicas:
    return Replicas(store=trial.store, clock=trial.clock, replica=replica, adopt=adopted.adopt)


async def _left_by_another(trial: Trial) -> None:
    await trial.started(as_plan(scripted("stop")))
    await trial.work_jobs_away()
    run = await trial.run()
    async with trial.store.transaction() as tx:
        assert await tx.runs.change(run, run.model_copy(update={"driver": "other"})) is not None


async def test_a_replica_that_beats_is_left_its_runs(trial: Trial) -> None:
    await _left_by_another(trial)
    adopted = Adopted()
    ours, other = _replicas(trial, "trial", adopted), _replicas(trial, "other", adopted)
    for _ in range(20):
        await ours.beat()
        await other.beat()
        trial.clock.advance(1)
    await trial.work()
    assert ((await trial.run()).driver, trial.action.acts, adopted.of) == ("other", [], [])


async def test_the_runs_of_a_silent_replica_go_on_within_six_beats(trial: Trial) -> None:
    await _left_by_another(trial)
    adopted = Adopted()
    ours, other = _replicas(trial, "trial", adopted), _replicas(trial, "other", adopted)
    await other.beat()
    for _ in range(5):
        await ours.beat()
        trial.clock.advance(1)
    assert trial.action.acts == []
    await ours.beat()
    await trial.work()
    assert ((await trial.run()).status, trial.action.acts, adopted.of) == ("done", ["stop"], ["other"])
    assert "Switchback: ↻ replica other does not answer; another one goes on" in await trial.told()


async def test_a_driver_that_never_beat_is_silent_too(trial: Trial) -> None:
    await _left_by_another(trial)
    ours = _replicas(trial, "trial", Adopted())
    for _ in range(6):
        await ours.beat()
        trial.clock.advance(1)
    await trial.work()
    assert trial.action.acts == ["stop"]


async def test_a_run_that_waits_for_a_person_is_not_disturbed_by_a_death(trial: Trial) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    before = await trial.run()
    adopted = Adopted()
    await _replicas(trial, "other", adopted).beat()
    ours = _replicas(trial, "trial", adopted)
    for _ in range(8):
        await ours.beat()
        trial.clock.advance(1)
    assert await trial.run() == before
    assert adopted.of == ["other"], "its jobs are taken over once"


async def test_the_channels_of_a_silent_replica_are_sent_to_by_another(trial: Trial) -> None:
    async with trial.store.transaction() as tx:
        assert await tx.delivery.lease(INCIDENTS, owner="other", now=trial.clock.now())
        assert not await tx.delivery.lease(INCIDENTS, owner="trial", now=trial.clock.now())
    adopted = Adopted()
    await _replicas(trial, "other", adopted).beat()
    ours = _replicas(trial, "trial", adopted)
    for _ in range(6):
        await ours.beat()
        trial.clock.advance(1)
    async with trial.store.transaction() as tx:
        assert await tx.delivery.lease(INCIDENTS, owner="trial", now=trial.clock.now())


async def test_one_that_has_left_is_not_missed(trial: Trial) -> None:
    adopted = Adopted()
    ours, other = _replicas(trial, "trial", adopted), _replicas(trial, "other", adopted)
    await other.beat()
    await ours.beat()
    async with trial.store.transaction() as tx:
        await tx.replicas.leave("other")
    for _ in range(10):
        await ours.beat()
        trial.clock.advance(1)
    assert adopted.of == []

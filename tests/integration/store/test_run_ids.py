"""Finding runs by the beginning of their ids."""

from tests.integration.ledger import as_plan, manual
from tests.integration.trial import Trial


async def test_the_very_id_comes_first_then_the_newest_and_no_character_is_a_wildcard(trial: Trial) -> None:
    run = await trial.run(await trial.started(as_plan(manual("look"))))
    async with trial.store.transaction() as tx:
        for number in range(2, 8):
            await tx.runs.add(run.model_copy(update={"id": f"run-1.{number}", "status": "done"}))
    async with trial.store.reading() as tx:
        assert await tx.runs.ids("run-1") == ("run-1", "run-1.7", "run-1.6", "run-1.5", "run-1.4")
        assert await tx.runs.ids("run-1.2") == ("run-1.2",)
        assert (await tx.runs.ids("run_1"), await tx.runs.ids("%")) == ((), ())

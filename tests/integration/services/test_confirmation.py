"""The preview, and the confirmation that is bound to it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.ports.outcome import Preview
from bot.store.store import Store
from bot.store.tables import audit
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import ANA, EVE, KIM, SAM, Document, ledger, message, plan, scripted
from tests.integration.trial import Trial, joined


async def test_the_preview_shows_every_step_exactly_and_has_no_effect(trial: Trial) -> None:
    trial.action.previews["restore"] = Preview("Restores", "restore --all", ready=False, problem="no backup")
    walk = await trial.concluded()
    shown = await trial.services.confirmation.shown(walk.id, actor=SAM)
    assert [(step.step, step.exact, step.ready) for step in shown.steps] == [
        ("stop", "do stop", True),
        ("restore", "restore --all", False),
    ]
    assert [step.problem for step in shown.problems] == ["no backup"]
    assert sorted(trial.action.previewed) == ["restore", "stop"]
    assert trial.action.acts == []


async def test_what_is_confirmed_is_what_was_previewed_and_it_starts_the_clock(trial: Trial) -> None:
    walk = await trial.concluded()
    shown = await trial.services.confirmation.shown(walk.id, actor=SAM)
    trial.clock.advance(minutes=3)
    run = await trial.services.confirmation.confirm(await trial.confirmation(walk), actor=KIM)
    assert (run.plan, run.playbook_digest) == (shown.plan, shown.playbook_digest)
    assert (run.confirmed_by, run.confirmed_at) == (KIM, trial.clock.now())
    assert run.detected_at == walk.started_at
    assert (await trial.services.walks.get(walk.id)).status == "confirmed"
    await trial.work()
    assert trial.action.acts == ["stop", "restore"]
    assert (await trial.run(run.id)).status == "done"
    assert not await trial.incident_is_open(walk.incident)


@pytest.mark.parametrize("typed", ["", "Ledger", "ledge", "ledger x", "yes"])
async def test_another_name_than_the_migrations_confirms_nothing(trial: Trial, typed: str) -> None:
    walk = await trial.concluded()
    before = await trial.counts()
    with pytest.raises(RefusedError, match="Type ledger, exactly so") as error:
        await trial.services.confirmation.confirm(await trial.confirmation(walk, typed=typed), actor=SAM)
    assert error.value.field == "name"
    assert await trial.counts() == before


async def test_a_preview_that_was_made_before_the_clock_was_set_back_is_not_confirmed(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    trial.clock.set_by(timedelta(hours=-1))
    with pytest.raises(RefusedError, match=r"clock was set back\. Press “Preview again” below it"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)


async def test_a_preview_is_good_for_ten_minutes_and_no_longer(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    trial.clock.advance(minutes=10)
    with pytest.raises(RefusedError, match="older than 10 minutes"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
    trial.clock.advance(-0.001)
    await trial.services.confirmation.confirm(confirmation, actor=SAM)


async def test_previewed_again_the_old_preview_confirms_nothing_and_the_new_one_does(trial: Trial) -> None:
    walk = await trial.concluded()
    old = await trial.confirmation(walk)
    trial.clock.advance(minutes=11)
    for _ in range(2):
        await trial.services.previews.again(walk.id, version=walk.version, actor=SAM)
    await trial.work()
    assert trial.action.previewed.count("stop") == 2
    with pytest.raises(RefusedError, match="has changed since you were shown it"):
        await trial.services.confirmation.confirm(old, actor=SAM)
    await trial.services.confirmation.confirm(await trial.confirmation(walk), actor=SAM)


async def test_a_preview_job_that_is_done_again_leaves_the_preview_that_was_shown(trial: Trial) -> None:
    walk = await trial.concluded()
    shown = await trial.confirmation(walk)
    await trial.services.previews.preview(walk.id, walk.version)
    assert trial.action.previewed.count("stop") == 1
    await trial.services.confirmation.confirm(shown, actor=SAM)


async def test_a_digest_of_something_else_confirms_nothing(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = replace(await trial.confirmation(walk), digest="0" * 64)
    with pytest.raises(RefusedError, match="does not belong to the preview"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)


async def test_a_walk_that_was_changed_meanwhile_is_not_confirmed(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    await trial.services.walks.overrule(
        walk.id, version=walk.version, plan="careful", reason="slower is better", actor=KIM
    )
    with pytest.raises(RefusedError, match="has changed"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
    await trial.work()
    with pytest.raises(RefusedError, match="has changed"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
    assert (await trial.counts())["runs"] == 0


async def test_a_walk_that_was_stepped_back_or_closed_has_nothing_to_confirm(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    back = await trial.services.walks.step_back(walk.id, version=walk.version, actor=KIM)
    with pytest.raises(SupersededError, match="nothing to confirm"):
        await trial.services.confirmation.shown(walk.id, actor=SAM)
    with pytest.raises(RefusedError, match="has changed"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
    no = await trial.services.walks.answer(walk.id, version=back.version, answer="no", actor=KIM)
    await trial.services.walks.close(walk.id, version=no.version, actor=KIM)
    with pytest.raises(SupersededError, match="Kim closed this walk already"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)


async def test_a_second_confirmation_is_told_who_started_the_rollback(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    await trial.services.confirmation.confirm(confirmation, actor=KIM)
    with pytest.raises(SupersededError, match="Kim started this rollback already"):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
    assert (await trial.counts())["runs"] == 1


async def test_an_outsider_confirms_nothing_and_is_audited(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    with pytest.raises(NotAllowedError, match="You may not roll back ledger"):
        await trial.services.confirmation.confirm(confirmation, actor=EVE)
    assert (await trial.audited())[-1] == ("refused", "U0EVE (Eve)")
    assert (await trial.counts())["runs"] == 0


async def test_who_confirms_is_looked_up_anew(trial: Trial) -> None:
    walk = await trial.concluded()
    confirmation = await trial.confirmation(walk)
    trial.roles.asked.clear()
    trial.roles.groups["ledger-oncall"] = {"U0KIM"}
    with pytest.raises(NotAllowedError):
        await trial.services.confirmation.confirm(confirmation, actor=SAM)
    assert trial.roles.asked == [("ledger-oncall", True)]


async def test_after_decommissioning_nobody_rolls_back(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path
) -> None:
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, phase="gone") as trial:
        with pytest.raises(NotAllowedError, match="cannot be rolled back in phase “gone”"):
            await trial.services.walks.open("ledger", actor=SAM)
        assert await trial.audited() == [("refused", "U0SAM (Sam)")]


async def test_a_preview_that_comes_late_changes_nothing(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    await trial.services.walks.answer(walk.id, version=1, answer="outage", actor=SAM)
    walk = await trial.services.walks.answer(walk.id, version=2, answer="yes", actor=SAM)
    await trial.services.walks.step_back(walk.id, version=walk.version, actor=KIM)
    before = await trial.counts()
    await trial.services.previews.preview(walk.id, walk.version)
    assert await trial.counts() == before
    assert trial.action.previewed == []


async def test_a_preview_that_is_overtaken_while_it_is_made_is_thrown_away(trial: Trial) -> None:
    walk = await trial.services.walks.open("ledger", actor=SAM)
    await trial.services.walks.answer(walk.id, version=1, answer="outage", actor=SAM)
    walk = await trial.services.walks.answer(walk.id, version=2, answer="yes", actor=SAM)

    async def overtake() -> None:
        await trial.services.walks.step_back(walk.id, version=walk.version, actor=KIM)

    trial.action.before_preview = overtake
    await trial.services.previews.preview(walk.id, walk.version)
    assert trial.action.previewed == ["stop", "restore"]
    assert (await trial.services.walks.get(walk.id)).preview is None
    assert (await trial.counts())["previews"] == 0


TICKET: Document = {"id": "ticket", "title": "Ticket", "pattern": "[A-Z]+-[0-9]+"}
CREW: Document = {"id": "crew", "title": "Crew", "range": [1, 5], "default": 2}


@pytest.fixture
async def asking(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """A trial whose plan asks for a ticket, and whose emergency plan asks for a crew."""
    value = {"value": "stop on {environment.host}", "idempotent": False}
    loaded = ledger(
        tmp_path,
        environments={"production": {"host": "ledger.example"}},
        plans={
            "immediate": {
                **plan({**scripted("stop"), "with": value}, message("tell", "By {input.ticket}")),
                "inputs": [TICKET],
            },
            "hard": {**plan(message("call", "Crew {input.crew}")), "inputs": [CREW]},
        },
        emergency="hard",
    )
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=loaded) as trial:
        yield trial


async def test_what_is_typed_is_filled_into_the_plan_that_runs_and_recorded(asking: Trial) -> None:
    walk = await asking.concluded()
    shown = await asking.services.confirmation.shown(walk.id, actor=SAM)
    assert [step.exact for step in shown.steps] == ["do stop on ledger.example", "By {input.ticket}"]
    assert [one.id for one in shown.inputs] == ["ticket", "crew"]
    confirmation = replace(await asking.confirmation(walk), inputs={"ticket": "ABC-1", "crew": ""})
    run = await asking.services.confirmation.confirm(confirmation, actor=SAM)
    await asking.work()
    assert asking.action.acts == ["stop on ledger.example"]
    done = await asking.run(run.id)
    assert (done.inputs, done.plan.steps[1].with_["text"]) == ({"ticket": "ABC-1", "crew": "2"}, "By ABC-1")
    assert done.fallbacks["hard"].steps[0].with_["text"] == "Crew 2"
    async with asking.store.database.reading() as connection:
        rows = await connection.execute(sa.select(audit.c.facts).where(audit.c.kind == "run.confirmed"))
        assert rows.one().facts["inputs"] == {"ticket": "ABC-1", "crew": "2"}


@pytest.mark.parametrize("ticket", ["", "ABC", "ABC-1; reboot", "{input.crew}"])
async def test_what_does_not_fit_its_pattern_starts_nothing(asking: Trial, ticket: str) -> None:
    walk = await asking.concluded()
    confirmation = replace(await asking.confirmation(walk), inputs={"ticket": ticket})
    before = await asking.counts()
    with pytest.raises(RefusedError, match="Ticket is a text like") as refused:
        await asking.services.confirmation.confirm(confirmation, actor=SAM)
    assert refused.value.field == "input:ticket"
    assert await asking.counts() == before


async def test_a_dry_run_is_for_anybody_with_a_role_and_changes_nothing(asking: Trial) -> None:
    before = await asking.counts()
    seen = await asking.services.previews.dry_run("ledger", plan_id="hard", actor=ANA)
    assert [step.exact for step in seen.steps] == ["Crew {input.crew}"]
    assert await asking.counts() == before
    with pytest.raises(NotAllowedError, match="You may not preview a rollback of ledger"):
        await asking.services.previews.dry_run("ledger", plan_id=None, actor=EVE)

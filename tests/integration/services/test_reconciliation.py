"""Reconciling: one at a time, kept, and an error is never a pass."""

import pytest

from bot.domain.check_result import CheckResult, CheckStatus
from bot.domain.errors import NotAllowedError, SupersededError
from bot.domain.person import Actor
from bot.store.reconciliations import Reconciliation
from tests.integration.ledger import ANA, EVE, SAM, SUMMARIES
from tests.integration.trial import Trial


def _result(check: str, status: CheckStatus) -> CheckResult:
    return CheckResult(
        check=check, title=check, status=status, tolerance="0%", critical=True, owner="data", on_fail="Look"
    )


async def _asked(trial: Trial, *, actor: Actor = ANA) -> Reconciliation:
    return await trial.services.reconciliation.request("ledger", channel=None, actor=actor)


async def _latest(trial: Trial) -> Reconciliation | None:
    async with trial.store.reading() as tx:
        return await tx.reconciliations.latest("ledger")


async def test_what_it_found_is_kept_audited_and_shown_in_the_summaries(trial: Trial) -> None:
    trial.reconciler.results = (_result("accounts", "failed"), _result("postings", "passed"))
    asked = await _asked(trial)
    assert await _latest(trial) is None
    trial.clock.advance(4)
    await trial.work()
    found = await _latest(trial)
    assert found is not None
    assert (found.id, found.status, found.asked_by) == (asked.id, "done", ANA)
    assert found.ended_at == trial.clock.now()
    assert found.reconciled is not None
    assert found.reconciled.results == trial.reconciler.results
    assert found.playbook_digest == "1" * 64
    shown = (await trial.messages("reconciliation"))[-1]
    assert (shown.channel, shown.facts["done"], shown.facts["total"]) == (SUMMARIES, 2, 2)
    assert [kind for kind, _ in await trial.audited()] == [
        "reconciliation.asked",
        "reconciliation.done",
        "discrepancies.carried_over",
    ]


async def test_one_check_that_could_not_be_done_is_never_a_pass(trial: Trial) -> None:
    trial.reconciler.results = (_result("accounts", "error"), _result("postings", "passed"))
    await _asked(trial)
    await trial.work()
    found = await _latest(trial)
    assert found is not None
    assert found.reconciled is not None
    assert (found.reconciled.clean, found.reconciled.errors, found.reconciled.failed) == (False, 1, 0)


async def test_while_one_is_running_a_second_request_is_told_who_asked(trial: Trial) -> None:
    await _asked(trial)
    trial.clock.advance(minutes=30)
    with pytest.raises(SupersededError, match="Ana asked for a reconciliation of ledger already"):
        await _asked(trial, actor=SAM)
    assert len(await trial.waiting_jobs()) == 1


async def test_one_that_never_ended_is_given_up_after_thirty_minutes(trial: Trial) -> None:
    trial.reconciler.results = (_result("accounts", "passed"),)
    lost = await _asked(trial)
    trial.clock.advance(minutes=30, seconds=1)
    asked = await _asked(trial, actor=SAM)
    assert asked.id != lost.id
    await trial.work()
    async with trial.store.reading() as tx:
        assert (await tx.reconciliations.get(lost.id)).status == "abandoned"
        assert (await tx.reconciliations.get(asked.id)).status == "done"
    assert [kind for kind, _ in await trial.audited()].count("reconciliation.done") == 1


async def test_a_job_that_is_run_again_keeps_the_first_result(trial: Trial) -> None:
    trial.reconciler.results = (_result("accounts", "failed"),)
    asked = await _asked(trial)
    await trial.services.reconciling.perform(asked.id)
    trial.reconciler.results = (_result("accounts", "passed"),)
    await trial.services.reconciling.perform(asked.id)
    found = await _latest(trial)
    assert found is not None
    assert found.reconciled is not None
    assert found.reconciled.failed == 1
    assert trial.reconciler.runs == 1


async def test_at_the_terminal_it_runs_beside_another_and_posts_nothing(trial: Trial) -> None:
    trial.reconciler.results = (_result("accounts", "passed"),)
    await _asked(trial)
    before = len(await trial.messages("reconciliation"))
    done = await trial.services.reconciling.run_now("ledger", actor=Actor("terminal:root", "root"))
    assert done.reconciled is not None
    assert done.reconciled.clean
    assert len(await trial.messages("reconciliation")) == before


async def test_anybody_with_a_role_may_ask_and_nobody_else(trial: Trial) -> None:
    with pytest.raises(NotAllowedError, match="You may not reconcile ledger"):
        await _asked(trial, actor=EVE)
    assert await trial.audited() == [("refused", "U0EVE (Eve)")]
    assert await trial.waiting_jobs() == []
    await _asked(trial, actor=ANA)


async def test_the_status_tells_the_last_result_the_open_walk_and_the_active_run(trial: Trial) -> None:
    trial.reconciler.results = (_result("accounts", "passed"),)
    (quiet,) = await trial.services.status.all()
    assert (quiet.reconciled, quiet.walk, quiet.run) == (None, None, None)
    await _asked(trial)
    await trial.work()
    walk = await trial.concluded()
    (walking,) = await trial.services.status.all()
    assert walking.reconciled is not None
    assert walking.walk is not None
    assert walking.walk.id == walk.id
    run = await trial.services.confirmation.confirm(await trial.confirmation(walk), actor=SAM)
    (running,) = await trial.services.status.all()
    assert running.walk is None
    assert running.run is not None
    assert running.run.id == run.id

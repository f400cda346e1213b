"""A reconciliation of a part: asked for by check, and never taken for the whole."""

from typing import Any

import pytest

from bot.domain.errors import RefusedError, SupersededError, UnknownNameError
from bot.domain.person import Actor
from bot.store.reconciliation_tables import reconciliations
from tests.integration.ledger import ANA, SAM
from tests.integration.services.row_check import finds
from tests.integration.trial import Trial

HOST = Actor("terminal:root", "root")


async def test_a_part_compares_the_named_checks_alone_and_says_so(people: Trial) -> None:
    finds(people)
    asked = await people.services.reconciliation.request(
        "ledger", channel=None, actor=ANA, checks=["people", "accounts", "people"]
    )
    assert asked.scope == ("accounts", "people")
    await people.work()
    assert people.reconciler.only == {"accounts", "people"}
    shown = (await people.messages("reconciliation"))[-1].facts
    assert (shown["scope"], shown["total"]) == (["accounts", "people"], 2)


async def test_a_part_is_not_the_latest_reconciliation_of_status_signals_and_metrics(people: Trial) -> None:
    finds(people)
    whole = await people.services.reconciliation.request("ledger", channel=None, actor=ANA)
    await people.work()
    people.clock.advance(60)
    await people.services.reconciliation.request("ledger", channel=None, actor=ANA, checks=["accounts"])
    await people.work()
    people.clock.advance(60)
    await people.services.reconciling.run_now("ledger", actor=HOST, checks=["accounts"])
    async with people.store.reading() as tx:
        latest = await tx.reconciliations.latest("ledger")
    assert latest is not None
    assert latest.id == whole.id
    (status,) = await people.services.status.all()
    assert status.reconciled_at == whole.started_at


async def test_all_checks_by_their_names_are_the_whole(people: Trial) -> None:
    names = ["people", "postings", "accounts"]
    asked = await people.services.reconciliation.request("ledger", channel=None, actor=ANA, checks=names)
    assert asked.scope is None


async def test_a_part_waits_for_no_whole_one_and_the_whole_for_no_part(people: Trial) -> None:
    await people.services.reconciliation.request("ledger", channel=None, actor=ANA, checks=["people"])
    with pytest.raises(SupersededError, match=r"Ana asked for a reconciliation of ledger \(people\) already"):
        await people.services.reconciliation.request("ledger", channel=None, actor=SAM)
    assert len(await people.waiting_jobs()) == 1


@pytest.mark.parametrize(
    ("wanted", "error", "text"),
    [
        ({"checks": ["peopel"]}, UnknownNameError, r"no check “peopel”. Did you mean people\?"),
        (
            {"checks": ["accounts"], "rows": True},
            RefusedError,
            "accounts compares no rows. Checks that do: people",
        ),
        ({"checks": ["people"], "summary": True}, RefusedError, "A summary is of all checks"),
    ],
)
async def test_what_cannot_be_asked_for_is_refused_with_what_can(
    people: Trial, wanted: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        await people.services.reconciliation.request("ledger", channel=None, actor=ANA, **wanted)
    assert await people.audited() == []


async def test_a_check_that_the_playbook_lost_meanwhile_ends_it_and_that_is_told(trial: Trial) -> None:
    asked = await trial.services.reconciliation.request(
        "ledger", channel=None, actor=ANA, checks=["accounts"]
    )
    async with trial.store.transaction() as tx:
        await tx.connection.execute(reconciliations.update().values(scope=["gone"]))
    await trial.work()
    async with trial.store.reading() as tx:
        assert (await tx.reconciliations.get(asked.id)).status == "abandoned"
    assert (await trial.messages("reconciliation"))[-1].facts["ended"] == "abandoned"
    assert [kind for kind, _ in await trial.audited()][-1] == "reconciliation.abandoned"

"""The register: carried over from one reconciliation to the next, and decided about by people, once."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.check_result import CheckResult, CheckStatus, Found, GroupDifference
from bot.domain.discrepancy import WHOLE, Discrepancy
from bot.domain.errors import NotAllowedError, RefusedError, SupersededError, UnknownNameError
from bot.domain.messages.timeline import TimelineFacts
from bot.domain.person import TERMINAL, Actor
from bot.domain.row_difference import CellDifference, RowDifference, RowsFound
from bot.domain.sighting import row_seen
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.meant_discrepancies import AllOf, One
from bot.services.reconciling import Reconciling
from bot.system import SortableIds
from tests.integration.ledger import ANA, EVE, KIM, SAM, SUMMARIES
from tests.integration.trial import Trial

HOST = Actor(f"{TERMINAL}sam", "sam (terminal)")


def result(check: str, status: CheckStatus, **more: object) -> CheckResult:
    made = CheckResult(
        check=check,
        title=check.title(),
        status=status,
        difference="+7.2%",
        tolerance="0%",
        critical=True,
        owner="data",
        on_fail="Look",
    )
    return made.model_copy(update=more)


def groups(*names: str) -> CheckResult:
    """Accounts, with these groups outside."""
    differing = tuple(
        GroupDifference(group=name, legacy=Decimal(3), new=Decimal(4), variance=Decimal(33), outside=True)
        for name in names
    )
    return result("accounts", "failed", kind="grouped", groups=differing)


async def reconcile(trial: Trial, *results: CheckResult, actor: Actor = ANA) -> None:
    """A reconciliation that finds these, a day after the last one."""
    trial.clock.advance(hours=24)
    trial.reconciler.results = results
    await trial.services.reconciliation.request("ledger", channel=None, actor=actor)
    await trial.work()


async def register(trial: Trial) -> dict[str, Discrepancy]:
    """Everything in it, by name."""
    listed = await trial.services.discrepancies.listed("ledger", actor=ANA, fixed=True)
    return {one.name: one for one in listed}


def meant(entry: Discrepancy) -> One:
    return One(entry.id, entry.version)


async def explain(trial: Trial, entry: Discrepancy, *, actor: Actor = ANA, text: str = "rounded") -> None:
    await trial.services.discrepancies.explain(meant(entry), category="data_mapping", text=text, actor=actor)


async def said(trial: Trial) -> list[str]:
    """Every line that was told in threads, as `who: what`, with who is called."""
    rows = [TimelineFacts.model_validate(row.facts) for row in await trial.messages("timeline")]
    return [f"{one.actor}: {one.text}{one.role or ''}" for row in rows for one in row.entries]


async def kinds(trial: Trial) -> list[str]:
    return [kind for kind, _ in await trial.audited() if kind.startswith("discrepanc")]


async def notes(trial: Trial, entry: Discrepancy) -> list[tuple[str, str, str]]:
    async with trial.store.reading() as tx:
        return [(note.actor, note.kind, note.text) for note in await tx.discrepancies.notes([entry.id])]


async def test_one_is_carried_over_by_check_and_name_through_its_whole_life(trial: Trial) -> None:
    await reconcile(trial, groups("A", "B"), result("postings", "failed"))
    found = await register(trial)
    assert {name: one.status for name, one in found.items()} == {"A": "new", "B": "new", WHOLE: "new"}
    await explain(trial, found["A"])
    await reconcile(trial, groups("A", "B"), result("postings", "error"))
    second = await register(trial)
    assert (second["A"].status, second["A"].days, second["A"].id) == ("explained", 2, found["A"].id)
    assert (second[WHOLE].status, second[WHOLE].days) == ("new", 1)
    await reconcile(trial, groups("B"), result("postings", "passed"))
    third = await register(trial)
    assert [third[name].status for name in ("A", "B", WHOLE)] == ["fixed", "new", "fixed"]
    await reconcile(trial, groups("A", "B"), result("postings", "passed"))
    back = (await register(trial))["A"]
    assert (back.status, back.explanation, back.returns) == ("came_back", None, 1)
    assert back.earlier is not None
    assert back.earlier.text == "rounded"
    assert await notes(trial, back) == [
        ("Ana", "explained", "is explained: rounded"),
        ("Switchback", "fixed", "is fixed"),
        ("Switchback", "came_back", "is back"),
    ]


async def test_what_came_back_and_is_fixed_is_told_in_the_thread_and_audited(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    await reconcile(trial, groups("B"))
    await reconcile(trial, groups("A"))
    rows = await trial.messages("plain")
    assert [row.facts["text"] for row in rows] == [
        "✅ “A” of Accounts is fixed",
        "❌ “A” of Accounts came back\n✅ “B” of Accounts is fixed",
    ]
    assert [row.thread == row.subject for row in rows] == [True, True]
    assert await kinds(trial) == ["discrepancies.carried_over"] * 3
    shown = (await trial.messages("reconciliation"))[-1].facts["registers"]
    assert isinstance(shown, list)
    assert [(one["check"], one["counts"]) for one in shown if isinstance(one, dict)] == [
        ("accounts", {"came_back": 1})
    ]


async def test_an_explanation_is_audited_and_told_in_the_thread_and_the_message(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    await explain(trial, (await register(trial))["A"])
    assert await kinds(trial) == ["discrepancies.carried_over", "discrepancy.explained"]
    assert await said(trial) == ["Ana: explains “A” of accounts: data mapping: rounded"]
    told = (await trial.messages("timeline"))[-1]
    shown = (await trial.messages("reconciliation"))[-1]
    assert (told.channel, told.thread) == (SUMMARIES, shown.subject)
    registers = shown.facts["registers"]
    assert isinstance(registers, list)
    assert isinstance(registers[0], dict)
    assert registers[0]["counts"] == {"explained": 1}


async def test_of_two_people_at_once_one_explains_it_and_the_other_is_told_what_happened(
    trial: Trial,
) -> None:
    trial.roles.groups["ledger-data"] = {ANA.id, KIM.id}
    await reconcile(trial, groups("A"))
    entry = (await register(trial))["A"]
    ended = await asyncio.gather(
        *(explain(trial, entry, actor=who, text=f"{who.name} says so") for who in (ANA, KIM) * 3),
        return_exceptions=True,
    )
    kept = (await register(trial))["A"]
    assert kept.version == 2
    assert kept.explanation is not None
    winner = kept.explanation.by.name
    told = [str(one) for one in ended if isinstance(one, SupersededError)]
    assert len(told) == 5
    assert all(
        one.startswith(f"{winner} came first, ") and f"“A” of accounts is explained: {winner} says so" in one
        for one in told
    )
    assert await kinds(trial) == ["discrepancies.carried_over", "discrepancy.explained"]
    assert len(await said(trial)) == 1


async def test_a_decision_and_a_reconciliation_at_once_both_count(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    entry = (await register(trial))["A"]
    trial.clock.advance(hours=24)
    trial.reconciler.results = (groups("A"),)
    service: Reconciling = trial.services.reconciling
    await asyncio.gather(explain(trial, entry), service.run_now("ledger", actor=HOST))
    kept = (await register(trial))["A"]
    assert (kept.status, kept.days) == ("explained", 2)


async def test_of_two_reconciliations_that_end_at_once_both_are_kept_and_nothing_is_there_twice(
    trial: Trial,
) -> None:
    await reconcile(trial, groups("A", "gone"))
    trial.clock.advance(hours=24)
    trial.reconciler.results = (groups("A", *(f"{number:03}" for number in range(300))),)
    run = trial.services.reconciling.run_now
    done = await asyncio.gather(*(run("ledger", actor=HOST) for _ in range(4)))
    kept = await trial.services.discrepancies.listed("ledger", actor=ANA, fixed=True)
    assert {one.status for one in done} == {"done"}
    assert len(kept) == 302
    assert {one.name: (one.status, one.days) for one in kept}["gone"] == ("fixed", 1)
    assert {one.days for one in kept if one.name == "A"} == {2}


async def test_a_press_that_is_late_is_told_that_a_reconciliation_found_it_fixed(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    entry = (await register(trial))["A"]
    await reconcile(trial, groups("B"))
    with pytest.raises(SupersededError, match=r"A reconciliation came first, .*“A” of accounts is fixed"):
        await explain(trial, entry)


async def test_an_acceptance_is_over_when_its_day_is_and_that_is_told(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    until = trial.clock.now().date()
    entry = (await register(trial))["A"]
    await trial.services.discrepancies.accept(meant(entry), until=until, text="one day", actor=ANA)
    assert (await register(trial))["A"].status == "accepted"
    trial.clock.advance(hours=24)
    seen_open = (await register(trial))["A"]
    assert (seen_open.status, seen_open.version) == ("new", 3)
    trial.clock.advance(hours=-24)
    await reconcile(trial, result("accounts", "error"))
    lapsed = (await register(trial))["A"]
    assert (lapsed.status, lapsed.version) == ("new", 3)
    rows = await trial.messages("plain")
    assert [row.facts["text"] for row in rows] == ["❌ “A” of Accounts is open again, its acceptance is over"]
    assert await said(trial) == [f"Ana: accepts “A” of accounts until {until}: one day"]


async def test_it_is_accepted_in_the_days_of_the_migration(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    entry = (await register(trial))["A"]
    with pytest.raises(RefusedError, match="from today on"):
        await trial.services.discrepancies.accept(
            meant(entry), until=date(2026, 1, 1), text="late", actor=ANA
        )


async def test_all_of_a_check_are_explained_together_but_not_what_came_later(trial: Trial) -> None:
    await reconcile(trial, groups("A", "B"))
    shown_at = trial.clock.now()
    await reconcile(trial, groups("A", "B", "C"))
    all_of = AllOf("ledger", "accounts", shown_at)
    done = await trial.services.discrepancies.explain(all_of, category="bug", text="one cause", actor=ANA)
    assert sorted(one.name for one in done) == ["A", "B"]
    assert {name: one.status for name, one in (await register(trial)).items()} == {
        "A": "explained",
        "B": "explained",
        "C": "new",
    }
    assert await said(trial) == ["Ana: explains 2 discrepancies of accounts: bug: one cause"]
    with pytest.raises(SupersededError, match=r"Ana came first, .* is explained: one cause"):
        await trial.services.discrepancies.explain(all_of, category="bug", text="mine", actor=ANA)
    assert (await kinds(trial)).count("discrepancy.explained") == 1


async def test_what_was_reopened_after_it_was_shown_is_not_explained_with_all_of_its_check(
    trial: Trial,
) -> None:
    await reconcile(trial, groups("A", "B"))
    await explain(trial, (await register(trial))["A"])
    shown_at = trial.clock.now()
    trial.clock.advance(1)
    await trial.services.discrepancies.reopen(
        meant((await register(trial))["A"]), text="it is not that", actor=ANA
    )
    done = await trial.services.discrepancies.explain(
        AllOf("ledger", "accounts", shown_at), category="bug", text="one cause", actor=ANA
    )
    assert [one.name for one in done] == ["B"]


async def test_it_is_assigned_to_a_role_a_person_or_oneself_and_who_has_to_act_is_called(
    trial: Trial,
) -> None:
    await reconcile(trial, groups("A"))
    for to in ("operator", "U0KIM", "me"):
        entry = (await register(trial))["A"]
        await trial.services.discrepancies.assign(meant(entry), to=to, actor=ANA)
    assert await said(trial) == [
        "Ana: assigns “A” of accounts to operator('S0LEDGER-ONCALL',)",
        "Ana: assigns “A” of accounts to U0KIM('U0KIM',)",
        "Ana: assigns “A” of accounts to Ana",
    ]
    kept = (await register(trial))["A"]
    assert (kept.owner and kept.owner.id, kept.status) == ("U0ANA", "new")
    with pytest.raises(RefusedError, match="neither a role of ledger nor a Slack user id"):
        await trial.services.discrepancies.assign(meant(kept), to="nobody", actor=ANA)


async def test_it_is_assigned_although_nobody_can_be_called(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    trial.roles.away = True
    entry = next(iter(await trial.services.discrepancies.listed("ledger", actor=HOST)))
    await trial.services.discrepancies.assign(meant(entry), to="operator", actor=HOST)
    assert await said(trial) == ["sam (terminal): assigns “A” of accounts to operator"]


async def test_it_is_reopened_with_a_reason_and_the_explanation_stays_visible(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    await explain(trial, (await register(trial))["A"])
    entry = (await register(trial))["A"]
    await trial.services.discrepancies.reopen(meant(entry), text="it is not that", actor=ANA)
    kept = (await register(trial))["A"]
    assert (kept.status, kept.earlier and kept.earlier.text) == ("new", "rounded")
    assert (await said(trial))[-1] == ("Ana: reopens “A” of accounts, which is open again: it is not that")


async def test_a_comment_is_kept_once_however_often_it_is_sent(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    entry = (await register(trial))["A"]
    comments = trial.services.discrepancies.comment
    await comments(entry.id, text="looking", actor=SAM)
    with pytest.raises(SupersededError, match="there already"):
        await comments(entry.id, text=" looking ", actor=SAM)
    await comments(entry.id, text="looking", actor=ANA)
    assert await notes(trial, entry) == [("Sam", "comment", "looking"), ("Ana", "comment", "looking")]
    assert (await register(trial))["A"].version == 1
    with pytest.raises(RefusedError, match="takes a text"):
        await comments(entry.id, text=" ", actor=SAM)
    assert (await kinds(trial))[1:] == ["discrepancy.commented"] * 2


async def test_who_owns_the_check_decides_and_anybody_with_a_role_comments(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    entry = (await register(trial))["A"]
    with pytest.raises(NotAllowedError, match="You may not explain, accept, assign or reopen"):
        await explain(trial, entry, actor=SAM)
    await trial.services.discrepancies.comment(entry.id, text="looking", actor=SAM)
    with pytest.raises(NotAllowedError, match="see and comment"):
        await trial.services.discrepancies.comment(entry.id, text="me too", actor=EVE)
    with pytest.raises(NotAllowedError, match="see and comment"):
        await trial.services.discrepancies.listed("ledger", actor=EVE)
    await explain(trial, entry)
    assert trial.roles.asked[-1] == ("ledger-data", True)
    assert (await register(trial))["A"].status == "explained"


async def test_at_the_terminal_it_is_explained_as_in_slack_and_what_only_it_saw_is_told_in_the_summaries(
    trial: Trial,
) -> None:
    trial.reconciler.results = (groups("A"),)
    await trial.services.reconciling.run_now("ledger", actor=HOST)
    await explain(trial, (await register(trial))["A"], actor=HOST)
    (told,) = await trial.messages("timeline")
    assert (told.channel, told.thread) == (SUMMARIES, None)
    assert await trial.messages("reconciliation") == []


async def test_an_account_of_the_host_that_is_a_person_has_that_persons_rights(trial: Trial) -> None:
    await reconcile(trial, groups("A"))
    entry = (await register(trial))["A"]
    with pytest.raises(NotAllowedError, match="You may not explain"):
        await explain(trial, entry, actor=Actor(SAM.id, "sam (terminal)", account="sam"))
    await explain(trial, entry, actor=Actor(ANA.id, "ana (terminal)", account="ana"))
    assert (await register(trial))["A"].status == "explained"


async def test_one_that_does_not_exist_is_an_unknown_name(trial: Trial) -> None:
    with pytest.raises(UnknownNameError, match="There is no discrepancy “nope”"):
        await trial.services.discrepancies.explain(One("nope", 1), category="bug", text="x", actor=ANA)


async def test_rows_that_were_kept_are_named_by_key_kind_and_columns(trial: Trial) -> None:
    counts = RowsFound(legacy=9, new=9, differing=1, missing_in_new=1)
    trial.reconciler.results = (result("postings", "failed", kind="rows", rows=counts),)
    trial.reconciler.differing["postings"] = (
        RowDifference(kind="differing", key=("4711", None), cells=(CellDifference(column="amount"),)),
        RowDifference(kind="missing_in_new", key=("4712", "EUR")),
    )
    await trial.services.reconciliation.request("ledger", channel=None, actor=ANA)
    await trial.work()
    assert {name: one.text for name, one in (await register(trial)).items()} == {
        "4711 / NULL (differing)": "differing in amount",
        "4712 / EUR (missing in new)": "missing in new",
    }


async def test_rows_that_are_handed_over_are_the_same_as_rows_that_are_read(trial: Trial) -> None:
    counts = RowsFound(legacy=9, new=9, differing=1)
    await reconcile(trial, result("postings", "failed", kind="rows", rows=counts))
    assert (await register(trial))[WHOLE].text == "1 row differs"
    kept = RowDifference(kind="differing", key=("4711",), cells=(CellDifference(column="amount"),))
    carrying = DiscrepancyRegister(catalog=trial.services.catalog, clock=trial.clock, ids=SortableIds())
    async with trial.store.transaction() as tx:
        done = await tx.reconciliations.latest("ledger")
        assert done is not None
        registered = await carrying.reconciled(tx, done, rows={"postings": [row_seen(kept)]})
    assert registered.cleanness == {"postings": "not clean"}
    listed = {name: (one.status, one.text) for name, one in (await register(trial)).items()}
    assert listed["4711 (differing)"] == ("new", "differing in amount")


async def test_what_a_check_of_a_table_found_is_told_apart_by_its_names_however_long(trial: Trial) -> None:
    names = ("n" * 400, "n" * 401, "with \x00 in it")
    found = tuple(Found(name=name, text="twice") for name in names)
    await reconcile(trial, result("accounts", "failed", kind="rules", found=found))
    await reconcile(trial, result("accounts", "failed", kind="rules", found=found[:2]))
    kept = await register(trial)
    assert sorted((one.status, one.days) for one in kept.values()) == [("fixed", 1), ("new", 2), ("new", 2)]
    assert all(len(name) <= 300 for name in kept)


async def test_a_thousand_rows_are_carried_over_in_one_transaction(trial: Trial) -> None:
    names = [f"{number:04}" for number in range(1200)]
    await reconcile(trial, groups(*names))
    await reconcile(trial, groups(*names[600:]))
    counts: dict[str, int] = {}
    for one in (await register(trial)).values():
        counts[one.status] = counts.get(one.status, 0) + 1
    assert counts == {"new": 600, "fixed": 601}

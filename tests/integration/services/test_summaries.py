"""What a day's summary tells, over many days."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.errors import NotAllowedError
from bot.domain.messages.summary import SummaryFacts, headline
from bot.domain.row_difference import RowDifference, RowsFound
from bot.ports.coverage import Coverage, Uncompared
from bot.services.meant_discrepancies import One
from bot.slack.rendering import render
from tests.fakes.coverage import FakeCoverage
from tests.integration.ledger import ANA, EVE, SUMMARIES
from tests.integration.services.days import Days, day, lived, result, scheduled
from tests.integration.trial import Trial

UNCOMPARED = Coverage(
    uncompared=(
        Uncompared(side="new", table="audit_log", columns=("id", "text"), whole=True),
        Uncompared(side="legacy", table="accounts", columns=("notes",), whole=False),
    ),
    tables=14,
    columns=120,
)


async def _thirty_days(days: Days) -> list[SummaryFacts]:
    """March: the 20th fails, the 22nd to 24th are missed, on the 27th a check cannot be done."""
    found: dict[int, dict[str, str | None]] = {
        20: {"accounts": "3"},
        21: {"accounts": "2"},
        27: {"postings": None},
    }
    told = []
    await days.look()
    for number in range(14, 32):
        if number in (22, 23, 24):
            continue
        days.find(**found.get(number, {}))
        await days.look_at(f"2026-03-{number} 06:30")
        told.append(await days.told())
    return told


async def test_clean_days_are_counted_over_failures_missed_days_and_errors(trial: Trial) -> None:
    async with lived(trial) as days:
        told = {facts.day.day: facts for facts in await _thirty_days(days)}
        assert {number: facts.streak for number, facts in told.items()} == {
            **{14: 1, 15: 2, 16: 3, 17: 4, 18: 5, 19: 6, 20: 6, 21: 0, 25: 1, 26: 2, 27: 2},
            **{28: 1, 29: 2, 30: 3, 31: 4},
        }
        assert headline(told[20]) == "❌ ledger: 1 of 2 checks outside tolerance (6 clean days before today)"
        assert headline(told[21]) == "❌ ledger: 1 of 2 checks outside tolerance"
        assert headline(told[25]) == "✅ ledger: all 2 checks within tolerance · 1 clean day in a row"
        assert headline(told[27]) == "❔ ledger: 1 of 2 checks could not be done (2 clean days before today)"
        assert told[25].missed == (day(22), day(23), day(24))


async def test_what_changed_since_the_last_summary_is_told(trial: Trial) -> None:
    async with lived(trial) as days:
        told = {facts.day.day: facts for facts in await _thirty_days(days)}
        changed = {
            number: [f"{change.title}: {change.text}" for change in facts.changes]
            for number, facts in told.items()
            if facts.changes
        }
        assert changed == {
            20: ["Accounts: newly outside its limit: +3% (limit 1%)"],
            21: ["Accounts: better: +2% after +3%"],
            25: ["Accounts: fixed (was +2%)"],
            27: ["Postings: could not be done"],
            28: ["Postings: could be compared again, and passes"],
        }
        assert told[25].since == day(21)


async def test_a_quiet_day_is_one_line(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        (block,) = (await days.message()).blocks
        (line,) = str(block["text"]["text"]).splitlines()
        assert line.startswith("✅ ledger: all 2 checks within tolerance · 1 clean day in a row · ")
        assert line.endswith("06:30 UTC> · took 0.0 s")


async def test_the_chart_has_each_check_that_differed_as_percent_of_its_limit(trial: Trial) -> None:
    async with lived(trial) as days:
        chart = (await _thirty_days(days))[-1].chart
        assert chart is not None
        assert (chart.days[0], chart.days[-1], len(chart.days)) == (day(14), day(31), 15)
        (accounts,) = chart.lines
        assert accounts.title == "Accounts"
        assert accounts.percents[6:8] == (Decimal(200), Decimal(200))
        assert "1 check without any difference" in chart.note


async def test_only_the_owner_who_has_to_act_is_called(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        days.find(accounts="3", postings="2")
        await days.look_at("2026-03-14 06:30")
        told = str((await days.message()).blocks)
        assert (told.count("<!subteam^S0LEDGER-DATA>"), told.count("<@")) == (1, 0)
        assert "<!subteam" not in (await days.message()).text


async def test_where_slack_does_not_say_who_the_owner_is_the_summary_comes_without_a_call(
    trial: Trial,
) -> None:
    async with lived(trial) as days:
        await days.look()
        days.find(accounts="3")
        days.trial.roles.away = True
        await days.look_at("2026-03-14 06:30")
        assert "owner @ledger-data" in str((await days.message()).blocks)


async def test_new_and_fixed_rows_are_counted_by_their_keys(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        for number, keys in ((14, ("1", "2", "3")), (15, ("3", "4"))):
            rows = RowsFound(legacy=10, new=10, differing=len(keys))
            differing = result("accounts", "5").model_copy(update={"kind": "rows", "rows": rows})
            days.trial.reconciler.results = (differing,)
            days.trial.reconciler.differing["accounts"] = [
                RowDifference(kind="differing", key=(key,)) for key in keys
            ]
            await days.look_at(f"2026-03-{number} 06:30")
        assert [change.text for change in (await days.told()).changes] == ["1 row new, 2 fixed"]


async def test_what_no_check_compares_is_told_once_a_week(trial: Trial) -> None:
    coverage = FakeCoverage(UNCOMPARED)
    async with lived(trial, coverage=coverage) as days:
        await days.look()
        told = {}
        for number in range(14, 24):
            await days.look_at(f"2026-03-{number} 06:30")
            told[number] = (await days.told()).uncovered
        assert [number for number, uncovered in told.items() if uncovered] == [16, 23]
        assert coverage.reads == 2
        blocks = str((await days.message()).blocks)
        assert "*Compared by no check*: 1 of 14 tables and 3 of 120 columns" in blocks
        assert "• new audit_log" in blocks
        assert "• legacy accounts: notes" in blocks


async def test_a_summary_that_a_person_asks_for_says_so_and_counts_for_no_day(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        days.at("2026-03-14 10:00")
        days.find(accounts="3")
        asked = await days.trial.services.reconciliation.request(
            "ledger", channel=None, actor=ANA, summary=True
        )
        await days.trial.work()
        told = await days.told()
        assert (told.asked_by, told.due, told.streak, told.called) == ("Ana", None, 1, {})
        row = (await days.rows())[-1]
        assert (row.channel, row.subject) == (SUMMARIES, f"reconciliation:{asked.id}")
        assert "asked for by Ana: this is not the day's summary" in str((await days.message()).blocks)
        assert await days.stands() == [("03-13", "begun"), ("03-14", "told clean")]
        await days.look_at("2026-03-15 06:30")
        assert (await days.told()).since == day(14)


async def test_a_summary_is_asked_for_by_people_with_a_role_alone(trial: Trial) -> None:
    async with lived(trial) as days:
        with pytest.raises(NotAllowedError):
            await days.trial.services.reconciliation.request("ledger", channel=None, actor=EVE, summary=True)
        assert await days.trial.waiting_jobs() == []


async def test_every_reconciliation_leaves_its_checks_in_the_history(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        days.find(accounts="0.5")
        await days.look_at("2026-03-14 06:30")
        await days.trial.services.reconciling.run_now("ledger", actor=ANA)
        async with trial.store.reading() as tx:
            start = trial.clock.now() - timedelta(days=1)
            points = await tx.check_history.of_check("ledger", "accounts", since=start)
            assert await tx.check_history.checks("ledger") == ("accounts", "postings")
        assert [(point.day, point.result.variance) for point in points] == [
            (day(14), Decimal("0.5")),
            (None, Decimal("0.5")),
        ]


async def test_a_summary_without_the_newer_blocks_still_has_every_check(trial: Trial) -> None:
    async with lived(trial) as days:
        await _thirty_days(days)
        failed = next(row for row in await days.rows() if row.subject.endswith("03-20"))
        message = render(failed.kind, [failed.facts])
        assert {block["type"] for block in message.plainer} <= {"section", "context", "actions"}
        assert "Accounts: legacy 1,000, new 1,000, +3% (limit 1%)" in str(message.plainer)
        assert {"table", "data_visualization"} <= {block["type"] for block in message.blocks}


async def test_the_status_tells_the_last_summary_and_the_next(trial: Trial) -> None:
    async with lived(trial, scheduled(trial)) as days:
        await days.look()
        (before,) = await days.trial.services.status.all()
        assert before.summary is not None
        assert (before.summary.told_at, before.summary.clean_days) == (None, 0)
        await days.look_at("2026-03-14 06:30")
        (after,) = await days.trial.services.status.all()
        assert after.summary is not None
        # It waits to be sent, so that it is not there yet.
        assert after.summary.told_at is None
        assert after.summary.expected == trial.clock.now()


@pytest.mark.parametrize("explained_is_clean", [True, False])
async def test_an_explained_discrepancy_is_clean_only_where_the_playbook_says_so_and_is_seen_in_any_case(
    trial: Trial, *, explained_is_clean: bool
) -> None:
    async with lived(trial, scheduled(trial, explained_is_clean=explained_is_clean)) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        days.find(accounts="3")
        await days.look_at("2026-03-15 06:30")
        assert (await days.told()).clean is False
        async with trial.store.reading() as tx:
            (entry,) = await tx.discrepancies.listed("ledger")
        await days.trial.services.discrepancies.explain(
            One(entry.id, entry.version), category="improvement", text="legacy rounds", actor=ANA
        )
        await days.look_at("2026-03-16 06:30")
        told = await days.told()
        assert (told.clean, told.streak, told.explained) == (
            explained_is_clean,
            1 if explained_is_clean else 0,
            ("accounts",),
        )
        mark = "✅" if explained_is_clean else "❌"
        assert headline(told).startswith(f"{mark} ledger: 1 of 2 checks outside tolerance, all explained")
        blocks = str((await days.message()).blocks)
        assert "explained by Ana" in blocks
        # Nobody has to act on it.
        assert "<!subteam" not in blocks


async def test_what_is_said_of_a_discrepancy_is_told_in_the_summarys_thread_and_the_summary_is_kept_current(
    trial: Trial,
) -> None:
    async with lived(trial) as days:
        await days.look()
        days.find(accounts="3")
        await days.look_at("2026-03-14 06:30")
        async with trial.store.reading() as tx:
            (entry,) = await tx.discrepancies.listed("ledger")
        await days.trial.services.discrepancies.explain(
            One(entry.id, entry.version), category="improvement", text="legacy rounds", actor=ANA
        )
        (said,) = await days.trial.messages("timeline")
        assert (said.channel, said.thread) == (SUMMARIES, "summary:ledger:2026-03-14")
        (row,) = await days.rows()
        told = await days.told()
        assert (told.explained, told.called, told.clean) == (("accounts",), {}, False)
        assert row.subject == "summary:ledger:2026-03-14"
        assert "explained by Ana" in str((await days.message()).blocks)
        # What was found on the day stays as it was told.
        assert (await days.stands())[-1] == ("03-14", "told")

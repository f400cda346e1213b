"""The daily reconciliation: once a day, whoever looks, whatever was down, whichever way the clock was set."""

import asyncio
from datetime import timedelta

from tests.integration.ledger import SUMMARIES
from tests.integration.services.days import day, lived, scheduled
from tests.integration.trial import Trial


async def test_a_new_schedule_makes_its_first_summary_when_it_is_due_next(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        assert await days.stands() == [("03-13", "begun")]
        await days.look_at("2026-03-14 06:29")
        assert await days.rows() == []
        await days.look_at("2026-03-14 06:30")
        assert await days.stands() == [("03-13", "begun"), ("03-14", "told clean")]
        (row,) = await days.rows()
        assert (row.channel, row.way, row.subject) == (SUMMARIES, "show", "summary:ledger:2026-03-14")
        assert await days.trial.messages("reconciliation") == []


async def test_each_look_after_it_finds_nothing_to_do(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        for moment in ("06:30", "06:31", "12:00", "23:59"):
            await days.look_at(f"2026-03-14 {moment}")
        assert (len(await days.rows()), days.trial.reconciler.runs) == (1, 1)


async def test_of_two_replicas_that_look_in_the_same_moment_one_begins_it(trial: Trial) -> None:
    async with lived(trial) as a, lived(trial) as b:
        await a.look()
        a.at("2026-03-14 06:30")
        await asyncio.gather(*(one.trial.daily.look() for one in (a, b) for _ in range(3)))
        assert [job.job for job in await trial.waiting_jobs()] == ["reconcile"]
        await asyncio.gather(a.trial.work(), b.trial.work())
        assert len(await a.rows()) == 1
        assert [kind for kind, _ in await trial.audited()].count("summary.due") == 1
        assert [kind for kind, _ in await trial.audited()].count("summary.told") == 1


async def test_killed_before_the_job_was_run_the_job_is_still_there_and_the_summary_comes_once(
    trial: Trial,
) -> None:
    async with lived(trial) as killed:
        await killed.look()
        killed.at("2026-03-14 06:30")
        await killed.trial.daily.look()
    async with lived(trial) as again:
        await again.look_at("2026-03-14 06:31")
        await again.look()
        assert len(await again.rows()) == 1
        assert (killed.trial.reconciler.runs, again.trial.reconciler.runs) == (0, 1)


async def test_killed_after_the_job_did_its_work_a_second_run_of_it_tells_nothing_more(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        days.at("2026-03-14 06:30")
        await days.trial.daily.look()
        (job,) = await days.trial.waiting_jobs()
        reconciliation = str(job.arguments["reconciliation_id"])
        await days.trial.services.reconciling.perform(reconciliation)
        # The job was not noted as done: it is recovered and run again.
        await days.trial.work()
        assert (len(await days.rows()), days.trial.reconciler.runs) == (1, 1)
        assert [kind for kind, _ in await trial.audited()].count("summary.told") == 1


async def test_after_a_night_of_downtime_the_days_summary_comes_late_and_says_so(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
    async with lived(trial) as days:
        await days.look_at("2026-03-14 09:12")
        told = await days.told()
        assert (told.late, told.day, told.missed) == (True, day(14), ())
        assert "late: due" in str((await days.message()).blocks)


async def test_after_days_of_downtime_there_is_one_summary_and_the_days_before_are_told_as_missed(
    trial: Trial,
) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        await days.look_at("2026-03-18 07:00")
        assert await days.stands() == [
            ("03-13", "begun"),
            ("03-14", "told clean"),
            ("03-15", "missed"),
            ("03-16", "missed"),
            ("03-17", "missed"),
            ("03-18", "told clean"),
        ]
        told = await days.told()
        assert (told.missed, told.streak) == ((day(15), day(16), day(17)), 1)
        assert len(await days.rows()) == 2
        assert "No summary on 15 March, 16 March, 17 March" in str((await days.message()).blocks)


async def test_a_day_that_is_over_is_missed_and_never_made_later(trial: Trial) -> None:
    friday = scheduled(trial, schedule={"calendar": "business-days", "zone": "Europe/Berlin"})
    async with lived(trial, friday) as days:
        # Until Friday the 20th, 06:30 in Berlin, nobody was there; now it is Saturday.
        await days.look_at("2026-03-19 06:00")
        await days.look_at("2026-03-21 00:30")
        await days.look()
        assert await days.stands() == [("03-19", "begun"), ("03-20", "missed")]
        assert await days.rows() == []
        await days.look_at("2026-03-23 05:30")
        assert (await days.told()).missed == (day(20),)


async def test_a_reconciliation_that_was_lost_with_its_job_is_begun_again_three_times_at_most(
    trial: Trial,
) -> None:
    async with lived(trial) as days:
        await days.look()
        days.at("2026-03-14 06:30")
        for _ in range(4):
            await days.trial.daily.look()
            await days.trial.work_jobs_away()
            days.trial.clock.advance(minutes=61)
        assert (await days.stands())[-1] == ("03-14", "told")
        assert days.trial.reconciler.runs == 0
        put_off = await days.put_off()
        assert (put_off.state, put_off.tries) == ("lost", 3)


async def test_one_that_was_thought_lost_and_ends_after_all_is_not_told_beside_the_new_one(
    trial: Trial,
) -> None:
    async with lived(trial) as days:
        await days.look()
        days.at("2026-03-14 06:30")
        await days.trial.daily.look()
        (slow,) = await days.trial.waiting_jobs()
        days.trial.clock.advance(minutes=61)
        await days.trial.daily.look()
        days.find(accounts="5")
        await days.trial.services.reconciling.perform(str(slow.arguments["reconciliation_id"]))
        assert await days.rows() == []
        days.find()
        await days.trial.work()
        assert len(await days.rows()) == 1
        assert (await days.told()).clean


async def test_a_changed_time_makes_no_second_summary_of_a_day(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
    async with lived(trial, scheduled(trial, schedule={"at": "09:00"})) as days:
        await days.look_at("2026-03-14 09:00")
        assert len(await days.rows()) == 1
        await days.look_at("2026-03-15 09:00")
        assert (await days.told()).day == day(15)


async def test_days_that_an_earlier_schedule_did_not_have_are_not_missed(trial: Trial) -> None:
    business = scheduled(trial, schedule={"calendar": "business-days"})
    async with lived(trial, business) as days:
        await days.look()
        await days.look_at("2026-03-16 06:30")
    async with lived(trial, scheduled(trial)) as days:
        await days.look_at("2026-03-17 06:30")
        assert await days.stands() == [("03-13", "begun"), ("03-16", "told clean"), ("03-17", "told clean")]
        assert (await days.told()).streak == 2


async def test_a_clock_that_is_set_back_gives_no_second_summary(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        days.trial.clock.set_by(-timedelta(minutes=5))
        await days.look()
        await days.look_at("2026-03-14 06:30")
        assert (len(await days.rows()), days.trial.reconciler.runs) == (1, 1)


async def test_days_of_a_clock_that_ran_ahead_are_taken_back_and_made_when_they_are_due(trial: Trial) -> None:
    async with lived(trial) as days:
        await days.look()
        await days.look_at("2026-03-14 06:30")
        days.trial.clock.set_by(timedelta(days=3))
        await days.look()
        assert [status for _, status in await days.stands()][-3:] == ["missed", "missed", "told clean"]
        days.trial.clock.set_by(-timedelta(days=3))
        for _ in range(4):
            await days.look()
        assert await days.stands() == [("03-13", "begun"), ("03-14", "told clean")]
        await days.look_at("2026-03-15 06:30")
        told = await days.told()
        assert (told.day, told.missed, told.streak) == (day(15), (), 2)
        assert [kind for kind, _ in await trial.audited()].count("summary.taken_back") == 3


async def test_where_clocks_are_put_forward_the_summary_of_a_time_that_never_comes_comes_once(
    trial: Trial,
) -> None:
    berlin = scheduled(trial, schedule={"at": "02:30", "zone": "Europe/Berlin"})
    async with lived(trial, berlin) as days:
        await days.look_at("2026-03-28 01:30")
        await days.look_at("2026-03-29 00:59")
        assert len(await days.rows()) == 0
        for minute in ("01:00", "01:30", "02:30"):
            await days.look_at(f"2026-03-29 {minute}")
        assert [row.subject for row in await days.rows()] == ["summary:ledger:2026-03-29"]

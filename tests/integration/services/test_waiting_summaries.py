"""A day whose two sides are not ready: one message, kept current, until they are or it is a finding."""

from datetime import timedelta

from bot.domain.messages.summary import headline
from bot.domain.messages.timeline import TimelineFacts
from tests.integration.services.days import NOT_READY, day, lived, scheduled
from tests.integration.trial import Trial


async def test_sides_that_are_not_ready_are_asked_again_every_five_minutes_and_told_in_one_message(
    trial: Trial,
) -> None:
    ready = {"both": {"sql": "SELECT max(loaded_at) FROM batches"}, "by": "07:00"}
    async with lived(trial, scheduled(trial, ready_when=ready)) as days:
        await days.look()
        days.not_ready()
        await days.look_at("2026-03-14 06:30")
        put_off = await days.put_off()
        assert (put_off.state, put_off.tries, put_off.why) == ("waiting", 1, NOT_READY.difference)
        await days.look_at("2026-03-14 06:34")
        assert days.trial.reconciler.runs == 1
        await days.look_at("2026-03-14 06:35")
        assert (await days.put_off()).tries == 2
        days.find(accounts="3")
        await days.look_at("2026-03-14 06:40")
        told = await days.told()
        assert (told.waited, told.late, told.clean) == (True, False, False)
        subjects = {row.subject for row in (*await days.rows(), *await days.trial.messages("summary_wait"))}
        assert subjects == {"summary:ledger:2026-03-14"}
        # Slack tells nobody of a mention in an older message: the owner is called in its thread.
        (called,) = await days.trial.messages("timeline")
        (entry,) = TimelineFacts.model_validate(called.facts).entries
        assert (called.thread, entry.role) == ("summary:ledger:2026-03-14", ("S0LEDGER-DATA",))


async def test_sides_that_are_not_ready_by_the_deadline_are_a_finding(trial: Trial) -> None:
    ready = {"both": {"sql": "SELECT max(loaded_at) FROM batches"}, "by": "06:37"}
    async with lived(trial, scheduled(trial, ready_when=ready)) as days:
        await days.look()
        days.not_ready()
        for minute in (30, 35):
            await days.look_at(f"2026-03-14 06:{minute}")
        days.not_ready("failed")
        await days.look_at("2026-03-14 06:37")
        told = await days.told()
        assert headline(told) == "❌ ledger: nothing could be compared, the two sides were not ready"
        blocks = str((await days.message()).blocks)
        assert "new has no batch of today" in blocks
        assert "Look at the batch · owner <!subteam^S0LEDGER-DATA>" in blocks
        assert (await days.stands())[-1] == ("03-14", "told")
        assert days.trial.reconciler.runs == 3


async def test_a_side_that_does_not_answer_is_asked_again_until_the_deadline_and_then_nobody_knows(
    trial: Trial,
) -> None:
    ready = {"both": {"sql": "SELECT max(loaded_at) FROM batches"}, "by": "06:33"}
    async with lived(trial, scheduled(trial, ready_when=ready)) as days:
        await days.look()
        days.not_ready("error")
        await days.look_at("2026-03-14 06:30")
        assert (await days.put_off()).state == "waiting"
        await days.look_at("2026-03-14 06:33")
        told = headline(await days.told())
        assert told == "❔ ledger: nothing could be compared, it is not known whether the two sides are ready"


async def test_sides_that_are_never_ready_are_a_finding_at_the_end_of_the_day_without_a_deadline(
    trial: Trial,
) -> None:
    ready = {"both": {"sql": "SELECT max(loaded_at) FROM batches"}}
    async with lived(trial, scheduled(trial, ready_when=ready)) as days:
        await days.look()
        days.not_ready()
        await days.look_at("2026-03-14 06:30")
        await days.look_at("2026-03-14 23:58")
        assert (await days.put_off()).until == days.trial.clock.now() + timedelta(minutes=2)
        await days.look_at("2026-03-15 00:00")
        assert (await days.stands())[-1] == ("03-14", "told")


async def test_one_that_waited_while_the_bot_was_down_past_the_next_day_is_missed_and_its_message_says_so(
    trial: Trial,
) -> None:
    ready = {"both": {"sql": "SELECT max(loaded_at) FROM batches"}}
    async with lived(trial, scheduled(trial, ready_when=ready)) as days:
        await days.look()
        days.not_ready()
        await days.look_at("2026-03-14 06:30")
        days.find()
        await days.look_at("2026-03-15 06:31")
        await days.look()
        assert await days.stands() == [("03-13", "begun"), ("03-14", "missed"), ("03-15", "told clean")]
        assert (await days.put_off()).state == "ended"
        assert (await days.told()).missed == (day(14),)

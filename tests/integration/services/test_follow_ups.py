"""Follow-ups: planned with the end of a run, reminded of when due, done or moved once, by who may."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError, UnknownNameError
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.domain.person import SWITCHBACK, TERMINAL, Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.store.store import Store
from tests.fakes.clock import START, FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import ANA, EVE, KIM, ROLES, SAM, as_plan, ledger, manual, scripted
from tests.integration.trial import Trial, joined

CAUSE = {"id": "cause", "after": "4h", "title": "Find the cause", "owner": "operator"}
TELL = {"id": "tell", "after": "1h", "title": "Tell people", "owner": "data"}
HOST = Actor(f"{TERMINAL}sam", "sam (terminal)")


@pytest.fixture
async def trial(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    playbook = ledger(tmp_path, follow_ups=[CAUSE, TELL])
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        yield trial


async def _ended(trial: Trial) -> tuple[ScheduledFollowUp, ...]:
    """The follow-ups of a run that is done: Tell people, then Find the cause."""
    await trial.started(as_plan(scripted("stop")))
    await trial.work()
    assert (await trial.run()).status == "done"
    return await _open(trial)


async def _open(trial: Trial) -> tuple[ScheduledFollowUp, ...]:
    async with trial.store.reading() as tx:
        return await tx.follow_ups.open()


async def _due(trial: Trial) -> ScheduledFollowUp:
    """Find the cause, reminded of once, with the other one done."""
    first, cause = await _ended(trial)
    await trial.services.follow_ups.done(first.id, actor=ANA)
    trial.clock.advance(hours=4)
    await trial.work()
    return await trial.services.follow_ups.get(cause.id)


async def _shown(trial: Trial) -> list[tuple[object, object]]:
    """What the messages of follow-ups show, in the order in which they are sent: status and due time."""
    rows = [
        ScheduledFollowUp.model_validate(row.facts["follow_up"]) for row in await trial.messages("follow_up")
    ]
    return [(one.status, one.due) for one in rows]


async def _reminders(trial: Trial) -> list[TimelineEntry]:
    rows = [TimelineFacts.model_validate(row.facts) for row in await trial.messages("timeline")]
    return [entry for row in rows for entry in row.entries if entry.text.startswith("⏳ Due since")]


async def _follow_up_audit(trial: Trial) -> list[tuple[str, str]]:
    return [entry for entry in await trial.audited() if entry[0].startswith("follow_up.")]


async def _move(
    trial: Trial, one: ScheduledFollowUp, *, hours: float = 1, reason: str = "waits", actor: Actor = SAM
) -> ScheduledFollowUp:
    return await trial.services.follow_ups.move(
        one.id, version=one.version, later=timedelta(hours=hours), reason=reason, actor=actor
    )


async def test_a_run_that_is_done_plans_its_follow_ups_and_says_what_comes_next(trial: Trial) -> None:
    planned = await _ended(trial)
    assert [(one.name, one.owner, one.due - START, one.status, one.run) for one in planned] == [
        ("tell", "data", timedelta(hours=1), "open", "run-1"),
        ("cause", "operator", timedelta(hours=4), "open", "run-1"),
    ]
    told = await trial.told()
    assert told[-2].startswith("Switchback: ✅ “Immediate” is done")
    next_line = (
        "Next: Tell people by 2026-03-14 04:12 UTC (data) · Find the cause by 2026-03-14 07:12 UTC (operator)"
    )
    assert told[-1] == f"Switchback: {next_line}"
    assert [job.job for job in await trial.waiting_jobs()] == ["remind", "remind"]
    planned_by = ("follow_up.planned", f"{SWITCHBACK.id} ({SWITCHBACK.name})")
    assert await _follow_up_audit(trial) == [planned_by] * 2
    assert await _shown(trial) == []


async def test_the_end_of_a_run_and_its_follow_ups_are_written_together_or_not_at_all(trial: Trial) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    await trial.services.steering.decide(
        "run-1", step="look", attempt=1, decision="manual-done", reason="", actor=SAM
    )
    trial.jobs.refuses = RuntimeError("no job is written")
    with pytest.raises(RuntimeError):
        await trial.work()
    assert ((await trial.run()).status, await _open(trial)) == ("running", ())
    trial.jobs.refuses = None
    await trial.work()
    assert ((await trial.run()).status, len(await _open(trial))) == ("done", 2)


async def test_a_run_that_was_aborted_has_none(trial: Trial) -> None:
    await trial.started(as_plan(manual("look")))
    await trial.work()
    await trial.services.steering.abort("run-1", reason="legacy is broken", actor=SAM)
    assert await _open(trial) == ()
    assert [job.job for job in await trial.waiting_jobs()] == ["warn"]


async def test_a_run_elsewhere_than_in_production_has_none(trial: Trial) -> None:
    await trial.started(as_plan(scripted("stop")))
    async with trial.store.transaction() as tx:
        run = await tx.runs.get("run-1")
        assert await tx.runs.change(run, run.model_copy(update={"environment": "staging"}))
    await trial.work()
    assert ((await trial.run()).status, await _open(trial)) == ("done", ())


async def test_nobody_is_reminded_before_it_is_due_and_the_owners_group_once_when_it_is(trial: Trial) -> None:
    await _ended(trial)
    trial.clock.advance(minutes=59)
    await trial.work()
    assert await _reminders(trial) == []
    trial.clock.advance(minutes=1)
    await trial.work()
    (reminder,) = await _reminders(trial)
    assert reminder.text == "⏳ Due since 2026-03-14 04:12 UTC: Tell people (data)"
    assert (reminder.mention, reminder.role) == ("", ("S0LEDGER-DATA",))
    (message,) = await trial.messages("follow_up")
    assert (message.channel, message.way, message.facts["members"]) == ("#incidents", "show", "@ledger-data")


async def test_listed_people_are_called_each_and_a_role_that_cannot_be_known_holds_no_reminder_up(
    trial: Trial, tmp_path: Path
) -> None:
    await _ended(trial)
    roles = {**ROLES, "data": {"users": ["U0ANA", "U0SAM"]}}
    listed = ledger(tmp_path, follow_ups=[CAUSE, TELL], roles=roles)
    async with joined(
        store=trial.store, clock=trial.clock, jobs=trial.jobs, folder=tmp_path, playbook=listed
    ) as after:
        after.roles.away = True
        trial.clock.advance(hours=4)
        await after.work()
    assert [entry.role for entry in await _reminders(trial)] == [("U0ANA", "U0SAM"), ()]


async def test_what_became_due_while_the_bot_was_away_is_reminded_of_once_at_its_start(
    trial: Trial, tmp_path: Path
) -> None:
    await _ended(trial)
    trial.clock.advance(hours=30)
    playbook = ledger(tmp_path, follow_ups=[CAUSE, TELL])
    async with joined(
        store=trial.store, clock=trial.clock, jobs=trial.jobs, folder=tmp_path, playbook=playbook
    ) as after:
        await after.work()
        await after.work()
    assert len(await _reminders(trial)) == 2


async def test_a_reminder_that_is_run_a_second_time_tells_nobody_again(trial: Trial) -> None:
    one = await _due(trial)
    before = await trial.counts()
    await trial.functions["remind"](follow_up_id=one.id, version=1, number=1)
    assert await trial.counts() == before


async def test_while_nobody_acts_it_is_reminded_of_every_day_and_its_message_kept_current(
    trial: Trial,
) -> None:
    await _due(trial)
    for _ in range(3):
        trial.clock.advance(hours=24)
        await trial.work()
    reminders = [entry for entry in await _reminders(trial) if "Find the cause" in entry.text]
    assert [entry.at - START for entry in reminders] == [timedelta(hours=4, days=day) for day in range(4)]
    assert len(await trial.messages("follow_up")) == 1
    assert [job.job for job in await trial.waiting_jobs()] == ["remind"]


async def test_done_is_told_recorded_and_ends_the_reminding(trial: Trial) -> None:
    one = await _due(trial)
    trial.clock.advance(hours=2)
    after = await trial.services.follow_ups.done(one.id, actor=KIM)
    assert (after.status, after.changed_by, after.changed_at) == ("done", KIM, trial.clock.now())
    assert (await trial.told())[-1] == "Kim: marks “Find the cause” as done"
    assert await _shown(trial) == [("done", one.due)]
    assert (await _follow_up_audit(trial))[-1] == ("follow_up.done", "U0KIM (Kim)")
    before = await trial.counts()
    trial.clock.advance(hours=72)
    await trial.work()
    assert await trial.counts() == before
    assert await _open(trial) == ()


async def test_done_before_it_is_due_posts_no_message_and_reminds_nobody(trial: Trial) -> None:
    first, cause = await _ended(trial)
    await trial.services.follow_ups.done(first.id, actor=ANA)
    await trial.services.follow_ups.done(cause.id, actor=HOST)
    trial.clock.advance(hours=100)
    await trial.work()
    assert (await trial.messages("follow_up"), await _reminders(trial)) == ([], [])
    assert (await trial.told())[-1] == "sam (terminal): marks “Find the cause” as done"


async def test_who_presses_done_a_second_time_is_told_who_was_first(trial: Trial) -> None:
    one = await _due(trial)
    await trial.services.follow_ups.done(one.id, actor=KIM)
    for late in (
        trial.services.follow_ups.done(one.id, actor=SAM),
        _move(trial, one),
        trial.services.follow_ups.shown(one.id, version=one.version, actor=SAM),
    ):
        with pytest.raises(SupersededError, match="Kim marked “Find the cause” as done already"):
            await late
    assert [kind for kind, _ in await _follow_up_audit(trial)].count("follow_up.done") == 2


async def test_of_many_who_press_at_once_one_has_an_effect_and_the_others_are_told(trial: Trial) -> None:
    one = await _due(trial)
    before = await trial.counts()
    pressed = await asyncio.gather(
        *(trial.services.follow_ups.done(one.id, actor=actor) for actor in (SAM, KIM) * 3),
        return_exceptions=True,
    )
    (after,) = [each for each in pressed if isinstance(each, ScheduledFollowUp)]
    assert after.changed_by is not None
    told = f"{after.changed_by.name} marked “Find the cause” as done already"
    assert [str(each) for each in pressed if not isinstance(each, ScheduledFollowUp)] == [told] * 5
    added = {name: count - before[name] for name, count in (await trial.counts()).items()}
    assert (added["audit"], added["timeline"], added["fake_jobs"]) == (1, 1, 0)


async def test_a_reminder_and_a_press_at_once_both_count_and_the_message_ends_as_done(trial: Trial) -> None:
    one = await _due(trial)
    trial.clock.advance(hours=24)
    await asyncio.gather(
        trial.functions["remind"](follow_up_id=one.id, version=1, number=2),
        trial.services.follow_ups.done(one.id, actor=SAM),
    )
    assert (await _shown(trial))[-1] == ("done", one.due)
    assert (await trial.services.follow_ups.get(one.id)).status == "done"


async def test_moved_it_is_due_then_the_old_job_does_nothing_and_the_message_says_so(trial: Trial) -> None:
    one = await _due(trial)
    after = await _move(trial, one, hours=48, reason=" vendor is away ")
    assert after.due == trial.clock.now() + timedelta(hours=48)
    assert (after.reason, after.changed_by, after.version) == ("vendor is away", SAM, one.version + 1)
    moved = "Sam: moves “Find the cause” to 2026-03-16 07:12 UTC. Reason: vendor is away"
    assert (await trial.told())[-1] == moved
    assert await _shown(trial) == [("open", after.due)]
    assert (await _follow_up_audit(trial))[-1] == ("follow_up.moved", "U0SAM (Sam)")
    before = len(await _reminders(trial))
    trial.clock.advance(hours=47)
    await trial.work()
    assert len(await _reminders(trial)) == before
    trial.clock.advance(hours=1)
    await trial.work()
    assert len(await _reminders(trial)) == before + 1
    trial.clock.advance(hours=24)
    await trial.work()
    assert len(await _reminders(trial)) == before + 2


async def test_what_is_not_due_yet_is_moved_on_from_its_time_and_what_is_late_from_now(trial: Trial) -> None:
    first, cause = await _ended(trial)
    trial.clock.advance(hours=2)
    assert (await _move(trial, first, actor=ANA)).due == trial.clock.now() + timedelta(hours=1)
    assert (await _move(trial, cause)).due == cause.due + timedelta(hours=1)


async def test_a_move_of_what_somebody_moved_already_is_told_and_done_still_counts(trial: Trial) -> None:
    one = await _due(trial)
    await _move(trial, one, actor=KIM)
    told = "Kim moved “Find the cause” already, to 2026-03-14 08:12 UTC: waits"
    with pytest.raises(SupersededError, match=told):
        await _move(trial, one)
    with pytest.raises(SupersededError, match=told):
        await trial.services.follow_ups.shown(one.id, version=one.version, actor=SAM)
    assert (await trial.services.follow_ups.done(one.id, actor=SAM)).status == "done"


@pytest.mark.parametrize(
    ("hours", "reason", "field"), [(1, "  ", "reason"), (0, "x", "by"), (9000, "x", "by")]
)
async def test_a_move_takes_a_reason_and_a_time_within_a_year(
    trial: Trial, hours: float, reason: str, field: str
) -> None:
    one = await _due(trial)
    before = await trial.counts()
    with pytest.raises(RefusedError) as error:
        await _move(trial, one, hours=hours, reason=reason)
    assert error.value.field == field
    assert await trial.counts() == before


@pytest.mark.parametrize("actor", [ANA, EVE])
async def test_who_is_not_in_the_owners_role_changes_nothing_and_is_audited(
    trial: Trial, actor: Actor
) -> None:
    one = await _due(trial)
    for refused in (
        trial.services.follow_ups.done(one.id, actor=actor),
        _move(trial, one, actor=actor),
        trial.services.follow_ups.shown(one.id, version=one.version, actor=actor),
    ):
        with pytest.raises(NotAllowedError, match=r"Ask someone who is operator \(@ledger-oncall\)"):
            await refused
    assert await trial.services.follow_ups.get(one.id) == one
    assert (await trial.audited())[-3:] == [("refused", f"{actor.id} ({actor.name})")] * 3


async def test_membership_is_that_of_the_moment_of_the_press(trial: Trial) -> None:
    one = await _due(trial)
    trial.roles.groups["ledger-oncall"] = {"U0EVE"}
    with pytest.raises(NotAllowedError):
        await trial.services.follow_ups.done(one.id, actor=SAM)
    assert (await trial.services.follow_ups.done(one.id, actor=EVE)).changed_by == EVE


async def test_when_the_playbook_lost_the_role_it_is_still_reminded_of_and_settled_at_the_terminal(
    trial: Trial, tmp_path: Path
) -> None:
    await _ended(trial)
    playbook = ledger(tmp_path).playbook
    data = playbook.roles["data"]
    changed = LoadedPlaybook(
        playbook=playbook.model_copy(update={"roles": {"data": data}}), folder=tmp_path, digest="2" * 64
    )
    async with joined(
        store=trial.store, clock=trial.clock, jobs=trial.jobs, folder=tmp_path, playbook=changed
    ) as after:
        trial.clock.advance(hours=4)
        await after.work()
        assert [entry.role for entry in await _reminders(trial)] == [("S0LEDGER-DATA",), ()]
        (cause,) = [one for one in await _open(trial) if one.name == "cause"]
        with pytest.raises(NotAllowedError, match="no role “operator” any more"):
            await after.services.follow_ups.done(cause.id, actor=SAM)
        assert (await after.services.follow_ups.done(cause.id, actor=HOST)).status == "done"


async def test_what_a_removed_playbook_left_behind_is_reminded_of_and_settled_at_the_terminal(
    trial: Trial, tmp_path: Path
) -> None:
    first, _ = await _ended(trial)
    playbook = ledger(tmp_path).playbook.model_copy(update={"migration": "other"})
    other = LoadedPlaybook(playbook=playbook, folder=tmp_path, digest="2" * 64)
    async with joined(
        store=trial.store, clock=trial.clock, jobs=trial.jobs, folder=tmp_path, playbook=other
    ) as after:
        trial.clock.advance(hours=1)
        await after.work()
        assert len(await _reminders(trial)) == 1
        with pytest.raises(UnknownNameError, match="no migration “ledger”"):
            await after.services.follow_ups.done(first.id, actor=ANA)
        assert (await after.services.follow_ups.done(first.id, actor=HOST)).status == "done"


async def test_a_run_of_a_removed_playbook_ends_without_follow_ups(trial: Trial, tmp_path: Path) -> None:
    await trial.started(as_plan(scripted("stop")))
    playbook = ledger(tmp_path).playbook.model_copy(update={"migration": "other"})
    other = LoadedPlaybook(playbook=playbook, folder=tmp_path, digest="2" * 64)
    async with joined(
        store=trial.store, clock=trial.clock, jobs=trial.jobs, folder=tmp_path, playbook=other
    ) as after:
        await after.work()
    assert ((await trial.run()).status, await _open(trial)) == ("done", ())


async def test_the_status_has_what_is_open_of_each_migration(trial: Trial) -> None:
    first, cause = await _ended(trial)
    await trial.services.follow_ups.done(first.id, actor=ANA)
    (status,) = await trial.services.status.all()
    assert status.follow_ups == (cause,)


async def test_an_id_that_does_not_exist_is_told_with_those_that_do(trial: Trial) -> None:
    first, _ = await _ended(trial)
    with pytest.raises(UnknownNameError, match=f"There is no follow-up “nope”.*{first.id}"):
        await trial.services.follow_ups.done("nope", actor=SAM)

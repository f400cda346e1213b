"""People are asked to sign or vote: one message that is kept current, and reminders by day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, SourceError, SupersededError, UnknownNameError
from bot.domain.messages.statements import StatementsFacts
from bot.domain.person import Actor
from bot.domain.statement_request import MOST_REMINDERS
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import EVE, SAM
from tests.integration.services.gated import APPROVALS, BO, GROUPS, LEE, MAX, VOTE, OtherIds, about, gated
from tests.integration.trial import Trial, joined

MONDAY = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
async def board(store: Store, jobs: FakeJobs, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Trial]:
    """The product on a Monday morning, nine o'clock in Berlin, with a gate that people settle."""
    clock.set_by(MONDAY - clock.now())
    async with joined(
        store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=gated(tmp_path)
    ) as trial:
        trial.roles.groups.update({name: set(people) for name, people in GROUPS.items()})
        yield trial


async def _state(trial: Trial, criterion: str, by: Actor, choice: str = "") -> str:
    shown = await trial.services.statements.shown(about(criterion), actor=by)
    return (await trial.services.statements.state(shown.bound, choice=choice, actor=by)).id


async def _shown(trial: Trial) -> list[StatementsFacts]:
    """The messages as they are now; those about one request replace each other."""
    rows = await trial.messages("statements")
    assert {(row.channel, row.way) for row in rows} <= {(APPROVALS, "show")}
    return [StatementsFacts.model_validate(row.facts) for row in rows]


async def _called(trial: Trial) -> list[object]:
    return [row.facts["people"] for row in await trial.messages("role.call")]


async def _until(trial: Trial, day: int, hour: int, minute: int = 0) -> None:
    """Come to a time of that March, in UTC, and do what is due."""
    now = trial.clock.now()
    trial.clock.advance((datetime(2026, 3, day, hour, minute, tzinfo=UTC) - now).total_seconds())
    await trial.work()


async def test_nobody_is_asked_until_somebody_asks_for_it(board: Trial) -> None:
    await _state(board, "right", LEE)
    assert await _shown(board) == []
    assert [job for job in await board.waiting_jobs() if job.job == "remind_statements"] == []


async def test_asked_for_it_is_one_message_that_each_statement_brings_up_to_date(board: Trial) -> None:
    await board.services.statement_requests.ask(about("right"), actor=SAM)
    (facts,) = await _shown(board)
    assert (facts.text, facts.role, facts.members) == ("The data is right", "board", "@ledger-board")
    assert (facts.count.text, facts.count.missing) == ("0 of 2 signed", ("U0BO", "U0LEE", "U0MAX"))
    said = await _state(board, "right", LEE)
    (facts,) = await _shown(board)
    assert (facts.count.text, facts.count.missing) == ("1 of 2 signed", ("U0BO", "U0MAX"))
    assert [one.statement.by for one in facts.given] == [LEE]
    await board.services.statements.withdraw(said, reason="Not yet", actor=LEE)
    (facts,) = await _shown(board)
    assert (facts.count.text, facts.given) == ("0 of 2 signed", ())
    assert [one.ended_why for one in facts.withdrawn] == ["Not yet"]


async def test_it_is_asked_for_once_while_it_is_open_and_not_when_it_is_settled(board: Trial) -> None:
    await board.services.statement_requests.ask(about("right"), actor=SAM)
    with pytest.raises(SupersededError, match="Sam asked for it 2026-03-16 08:00 UTC: 0 of 2 signed"):
        await board.services.statement_requests.ask(about("right"), actor=LEE)
    await _state(board, "right", LEE)
    await _state(board, "right", BO)
    with pytest.raises(SupersededError, match="2 of 2 signed"):
        await board.services.statement_requests.ask(about("right"), actor=LEE)
    assert len(await _shown(board)) == 1


async def test_asked_for_at_once_it_is_one_message(board: Trial) -> None:
    asking = (board.services.statement_requests.ask(about("right"), actor=by) for by in (SAM, LEE, BO))
    ended = await asyncio.gather(*asking, return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["StatementRequest", *["SupersededError"] * 2]
    assert len(await _shown(board)) == 1


async def test_anybody_with_a_role_asks_and_nobody_else(board: Trial) -> None:
    with pytest.raises(NotAllowedError):
        await board.services.statement_requests.ask(about("right"), actor=EVE)
    with pytest.raises(UnknownNameError):
        await board.services.statement_requests.ask(about("other"), actor=SAM)
    board.roles.away = True
    with pytest.raises(SourceError):
        await board.services.statement_requests.ask(about("right"), actor=SAM)


async def test_those_who_have_not_are_reminded_by_day_at_most_once_a_day(board: Trial) -> None:
    await board.services.statement_requests.ask(about("right"), actor=SAM)
    await _until(board, 16, 23)
    assert await _called(board) == []
    await _state(board, "right", LEE)
    await _until(board, 17, 8, 59)
    assert await _called(board) == []
    await _until(board, 17, 9)
    await _until(board, 17, 23)
    assert await _called(board) == [["U0BO", "U0MAX"]]
    (call,) = await board.messages("role.call")
    assert (call.channel, call.way) == (APPROVALS, "say")
    await _until(board, 18, 9)
    assert len(await _called(board)) == 2


async def test_nobody_is_reminded_on_a_weekend_and_nobody_more_than_five_times(board: Trial) -> None:
    await board.services.statement_requests.ask(about("right"), actor=SAM)
    counts = []
    for day in range(16, 32):
        await _until(board, day, 12)
        counts.append(len(await _called(board)))
    assert counts == [0, 1, 2, 3, 4, 4, 4, *[MOST_REMINDERS] * 9]
    last = (await board.messages("role.call"))[-1]
    assert "This is the last reminder" in str(last.facts["text"])


async def test_reminders_end_when_it_is_settled_and_go_on_when_that_is_withdrawn(board: Trial) -> None:
    await board.services.statement_requests.ask(about("right"), actor=SAM)
    said = await _state(board, "right", LEE)
    await _state(board, "right", BO)
    await _until(board, 17, 9)
    await _until(board, 18, 9)
    assert await _called(board) == []
    await board.services.statements.withdraw(said, reason="Wrong after all", actor=LEE)
    await _until(board, 19, 9)
    assert await _called(board) == [["U0LEE", "U0MAX"]]


async def test_a_vote_that_has_its_quorum_is_not_reminded_of_whichever_way_it_went(board: Trial) -> None:
    await board.services.statement_requests.ask(about("go"), actor=SAM)
    await _state(board, "go", LEE, "against")
    await _until(board, 17, 9)
    assert await _called(board) == [["U0BO", "U0MAX"]]
    await _state(board, "go", MAX, "against")
    await _until(board, 18, 9)
    assert len(await _called(board)) == 1


async def test_a_reminder_that_comes_twice_is_given_once(board: Trial) -> None:
    request = await board.services.statement_requests.ask(about("right"), actor=SAM)
    due = "2026-03-17T09:00:00+00:00"
    await _until(board, 17, 9)
    again = (board.services.statement_requests.remind(request.id, 1, due) for _ in range(3))
    await asyncio.gather(*again)
    assert len(await _called(board)) == 1


async def test_a_reminder_whose_hours_are_over_when_the_bot_is_back_waits_for_the_next_day(
    board: Trial,
) -> None:
    await board.services.statement_requests.ask(about("right"), actor=SAM)
    await _until(board, 18, 2)
    assert await _called(board) == []
    await _until(board, 18, 9)
    assert len(await _called(board)) == 1


async def test_while_slack_is_away_nobody_is_called_and_it_is_tried_the_next_day(board: Trial) -> None:
    await board.services.statement_requests.ask(about("right"), actor=SAM)
    board.roles.away = True
    await _until(board, 17, 9)
    board.roles.away = False
    await _until(board, 18, 9)
    assert len(await _called(board)) == 1


async def test_asked_anew_when_the_text_has_changed_the_old_message_says_so(board: Trial) -> None:
    await board.services.statement_requests.ask(about("go"), actor=SAM)
    changed = gated(board.folder, {**VOTE, "statement": "We go on the 4th"})
    async with joined(
        store=board.store,
        clock=board.clock,
        jobs=board.jobs,
        folder=board.folder,
        playbook=changed,
        ids=OtherIds("after"),
    ) as after:
        after.roles.groups = board.roles.groups
        await after.services.statement_requests.ask(about("go"), actor=SAM)
        old, new = await _shown(after)
        assert (old.over, new.over, new.text) == ("was asked for anew", "", "We go on the 4th")

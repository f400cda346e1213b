"""People sign, vote and withdraw: each once, in one role, on what they were shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.errors import NotAllowedError, RefusedError, SourceError, SupersededError, UnknownNameError
from bot.domain.gates.board import Board, CriterionResult, GateResult
from bot.domain.gates.evaluation import Evaluation
from bot.domain.person import Actor
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.statement import Statement
from bot.domain.statement_count import Count, count
from bot.domain.wanted_statement import wanted
from bot.services.statements import Bound
from bot.store.database import database_url, open_database
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import EVE, SAM
from tests.integration.services.gated import (
    BO,
    BOARD,
    CONTACT,
    GROUPS,
    LEE,
    MAX,
    SIGN,
    TRIED,
    VOTE,
    OtherIds,
    about,
    gated,
)
from tests.integration.trial import Trial, joined


@pytest.fixture
async def board(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """The product, with a gate that people settle."""
    async with joined(
        store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=gated(tmp_path)
    ) as trial:
        trial.roles.groups.update({name: set(people) for name, people in GROUPS.items()})
        yield trial


@pytest.fixture
async def elsewhere(board: Trial, database: sa.URL, tmp_path: Path) -> AsyncIterator[Trial]:
    """A second replica on the same database."""
    other = open_database(database_url(database.render_as_string(hide_password=False)))
    store = Store(database=other, jobs=board.jobs)
    async with joined(
        store=store,
        clock=board.clock,
        jobs=board.jobs,
        folder=tmp_path,
        playbook=gated(tmp_path),
        ids=OtherIds("other"),
    ) as trial:
        trial.roles.groups = board.roles.groups
        yield trial
    await other.close()


@asynccontextmanager
async def _with(trial: Trial, playbook: LoadedPlaybook) -> AsyncIterator[Trial]:
    """The same database after a restart with another playbook."""
    async with joined(
        store=trial.store,
        clock=trial.clock,
        jobs=trial.jobs,
        folder=trial.folder,
        playbook=playbook,
        ids=OtherIds("after"),
    ) as after:
        after.roles.groups = trial.roles.groups
        yield after


async def _opened(trial: Trial, criterion: str, by: Actor) -> Bound:
    return (await trial.services.statements.shown(about(criterion), actor=by)).bound


async def _state(
    trial: Trial, criterion: str, *, by: Actor, choice: str = "", item: str = "", comment: str = ""
) -> Statement:
    bound = await _opened(trial, criterion, by)
    return await trial.services.statements.state(bound, choice=choice, item=item, comment=comment, actor=by)


async def _standing(trial: Trial) -> tuple[Statement, ...]:
    async with trial.store.reading() as tx:
        return await tx.statements.standing("ledger")


async def _count(trial: Trial, criterion: str, group: str = BOARD) -> Count:
    playbook = trial.services.catalog.get("ledger").playbook
    asked, members = wanted(playbook, about(criterion)), trial.roles.groups[group]
    return count(asked, await _standing(trial), playbook, members=members, now=trial.clock.now())


async def _evaluated(trial: Trial, evidence: str, number: int = 1) -> Board:
    """The other gate, evaluated on a piece of evidence."""
    result = CriterionResult(
        id="check-accounts",
        kind="check",
        title="accounts clean",
        owner="data",
        state="fail",
        reason="clean for 1 run of 3",
        how="reconciliation",
        evidence=(evidence,),
    )
    own = GateResult(id="people", title="People", owner="board", criteria=())
    gate = GateResult(id="data", title="Data parity", owner="data", criteria=(result,))
    board = Board(
        migration="ledger",
        title="General ledger",
        at=trial.clock.now(),
        playbook_digest="1" * 64,
        gates=(own, gate),
    )
    async with trial.store.transaction() as tx:
        await tx.gate_evaluations.add(Evaluation(id=f"evaluation-{number}", cause="test", board=board))
    return board


async def test_a_signature_is_kept_with_what_was_signed_and_audited(board: Trial) -> None:
    shown = await board.services.statements.shown(about("right"), actor=LEE)
    assert (shown.wanted.text, shown.wanted.role, shown.wanted.gate_title) == (
        "The data is right",
        "board",
        "People",
    )
    said = await board.services.statements.state(shown.bound, choice="", comment=" Seen it ", actor=LEE)
    assert (said.choice, said.role, said.comment, said.text) == (
        "sign",
        "board",
        "Seen it",
        "The data is right",
    )
    assert await _standing(board) == (said,)
    assert ("statement.signed", "U0LEE (Lee)") in await board.audited()
    assert (await _count(board, "right")).text == "1 of 2 signed"


async def test_two_distinct_people_settle_it(board: Trial) -> None:
    await _state(board, "right", by=LEE)
    await _state(board, "right", by=BO)
    assert (await _count(board, "right")).met


async def test_one_person_counts_once_and_is_told_when(board: Trial) -> None:
    bound = await _opened(board, "right", LEE)
    second = await _opened(board, "right", LEE)
    await board.services.statements.state(bound, choice="", actor=LEE)
    told = "You signed this already, 2026-03-14 03:12 UTC, and count once. To change your mind, withdraw it"
    for again in (bound, second):
        with pytest.raises(SupersededError, match=told):
            await board.services.statements.state(again, choice="", actor=LEE)
    with pytest.raises(SupersededError, match=told):
        await board.services.statements.shown(about("right"), actor=LEE)
    assert (await _count(board, "right")).given == 1


async def test_one_person_in_two_roles_signs_about_a_gate_in_one(board: Trial) -> None:
    await _state(board, "right", by=LEE)
    with pytest.raises(NotAllowedError, match="You have spoken as board about People, and count in one role"):
        await board.services.statements.shown(about("paid"), actor=LEE)
    assert ("refused", "U0LEE (Lee)") in await board.audited()


async def test_two_roles_of_one_person_at_once_count_as_one(board: Trial, elsewhere: Trial) -> None:
    right, paid = await _opened(board, "right", LEE), await _opened(elsewhere, "paid", LEE)
    await asyncio.gather(
        board.services.statements.state(right, choice="", actor=LEE),
        elsewhere.services.statements.state(paid, choice="", actor=LEE),
        return_exceptions=True,
    )
    counted = [(await _count(board, "right")).given, (await _count(board, "paid", "ledger-managers")).given]
    assert sum(counted) == 1


async def test_one_person_at_once_by_two_replicas_counts_once(board: Trial, elsewhere: Trial) -> None:
    opened = [(each, await _opened(each, "right", LEE)) for each in (board, elsewhere) * 3]
    ended = await asyncio.gather(
        *(each.services.statements.state(bound, choice="", actor=LEE) for each, bound in opened),
        return_exceptions=True,
    )
    assert [type(one) for one in ended if isinstance(one, BaseException)] == [SupersededError] * 5
    assert (await board.counts())["statements"] == 1


async def test_two_people_at_once_by_two_replicas_both_count(board: Trial, elsewhere: Trial) -> None:
    lee, bo = await _opened(board, "right", LEE), await _opened(elsewhere, "right", BO)
    await asyncio.gather(
        board.services.statements.state(lee, choice="", actor=LEE),
        elsewhere.services.statements.state(bo, choice="", actor=BO),
    )
    assert (await _count(board, "right")).met


async def test_only_the_role_signs_and_a_refusal_is_audited(board: Trial) -> None:
    for person in (SAM, EVE):
        with pytest.raises(NotAllowedError, match="You may not sign as board for ledger"):
            await board.services.statements.shown(about("right"), actor=person)
    copied = await _opened(board, "right", LEE)
    with pytest.raises(NotAllowedError, match="You may not sign as board"):
        await board.services.statements.state(copied, choice="", actor=EVE)
    assert [entry for entry in await board.audited() if entry[0] == "refused"] == [
        ("refused", "U0SAM (Sam)"),
        ("refused", "U0EVE (Eve)"),
        ("refused", "U0EVE (Eve)"),
    ]
    assert await _standing(board) == ()


async def test_who_is_removed_from_the_role_after_opening_it_is_refused(board: Trial) -> None:
    bound = await _opened(board, "right", LEE)
    board.roles.groups[BOARD].remove(LEE.id)
    with pytest.raises(NotAllowedError):
        await board.services.statements.state(bound, choice="", actor=LEE)


async def test_who_is_removed_from_the_role_after_signing_does_not_count(board: Trial) -> None:
    await _state(board, "right", by=LEE)
    board.roles.groups[BOARD].remove(LEE.id)
    assert (await _count(board, "right")).given == 0


async def test_while_slack_is_away_nothing_is_signed_by_a_copy(board: Trial) -> None:
    bound = await _opened(board, "right", LEE)
    board.roles.copied_at = board.clock.now()
    with pytest.raises(SourceError, match="cannot be read now"):
        await board.services.statements.state(bound, choice="", actor=LEE)


async def test_nothing_is_signed_at_the_terminal(board: Trial) -> None:
    at_the_host = Actor(LEE.id, "lee (terminal)", account="lee")
    bound = await _opened(board, "right", LEE)
    with pytest.raises(NotAllowedError, match="at the terminal"):
        await board.services.statements.state(bound, choice="", actor=at_the_host)
    said = await board.services.statements.state(bound, choice="", actor=LEE)
    with pytest.raises(NotAllowedError, match="at the terminal"):
        await board.services.statements.withdraw(said.id, reason="no", actor=at_the_host)


async def test_what_is_withdrawn_counts_no_more_and_another_may_be_made(board: Trial) -> None:
    first = await _state(board, "go", by=LEE, choice="for")
    ended = await board.services.statements.withdraw(first.id, reason="New figures", actor=LEE)
    assert (ended.ended_by, ended.ended_why) == (LEE, "New figures")
    assert (await _count(board, "go")).given == 0
    await _state(board, "go", by=LEE, choice="against")
    assert (await _count(board, "go")).votes_against == 1
    assert ("statement.withdrawn", "U0LEE (Lee)") in await board.audited()


async def test_a_modal_that_is_submitted_again_after_the_withdrawal_does_not_count(board: Trial) -> None:
    bound = await _opened(board, "right", LEE)
    said = await board.services.statements.state(bound, choice="", actor=LEE)
    await board.services.statements.withdraw(said.id, reason="Not yet", actor=LEE)
    with pytest.raises(SupersededError, match="and withdrawn by Lee"):
        await board.services.statements.state(bound, choice="", actor=LEE)
    assert await _standing(board) == ()


async def test_only_ones_own_is_withdrawn_once_and_with_a_reason(board: Trial) -> None:
    said = await _state(board, "right", by=LEE)
    with pytest.raises(NotAllowedError, match="This was signed by Lee, and nobody else withdraws it"):
        await board.services.statements.withdraw(said.id, reason="no", actor=BO)
    with pytest.raises(RefusedError, match="Say why") as error:
        await board.services.statements.withdraw(said.id, reason=" ", actor=LEE)
    assert error.value.field == "reason"
    with pytest.raises(RefusedError, match="You have nothing to withdraw here"):
        await board.services.statements.own(about("right"), actor=BO)
    assert await board.services.statements.own(about("right"), actor=LEE) == (said,)
    await board.services.statements.withdraw(said.id, reason="no", actor=LEE)
    with pytest.raises(SupersededError, match="and withdrawn by Lee"):
        await board.services.statements.withdraw(said.id, reason="no", actor=LEE)


async def test_a_withdrawal_is_possible_while_slack_is_away(board: Trial) -> None:
    said = await _state(board, "right", by=LEE)
    board.roles.away = True
    await board.services.statements.withdraw(said.id, reason="no", actor=LEE)
    assert await _standing(board) == ()


async def test_a_withdrawal_at_once_by_two_replicas_ends_it_once(board: Trial, elsewhere: Trial) -> None:
    said = await _state(board, "right", by=LEE)
    ended = await asyncio.gather(
        *(each.services.statements.withdraw(said.id, reason="no", actor=LEE) for each in (board, elsewhere)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in ended) == ["Statement", "SupersededError"]
    assert [kind for kind, _ in await board.audited()].count("statement.withdrawn") == 1


@pytest.mark.parametrize("choice", ["", "sign", "perhaps"])
async def test_a_vote_is_for_against_or_abstains(board: Trial, choice: str) -> None:
    bound = await _opened(board, "go", LEE)
    with pytest.raises(RefusedError, match="Choose For, Against or Abstain") as error:
        await board.services.statements.state(bound, choice=choice, actor=LEE)
    assert error.value.field == "choice"


async def test_a_vote_is_bound_to_the_evidence_of_the_other_gates(board: Trial) -> None:
    evaluated = await _evaluated(board, "reconciliation-1")
    shown = await board.services.statements.shown(about("go"), actor=LEE)
    assert shown.board == evaluated.without("people")
    said = await board.services.statements.state(shown.bound, choice="for", actor=LEE)
    assert said.evidence == evaluated.without("people").digest()


async def test_evidence_that_changed_since_the_modal_was_opened_refuses_the_vote(board: Trial) -> None:
    await _evaluated(board, "reconciliation-1")
    bound = await _opened(board, "go", LEE)
    board.clock.advance(minutes=1)
    await _evaluated(board, "reconciliation-2", number=2)
    with pytest.raises(RefusedError, match="evidence of the other gates has changed since"):
        await board.services.statements.state(bound, choice="for", actor=LEE)
    await _state(board, "go", by=LEE, choice="for")


async def test_a_vote_in_the_same_gate_does_not_change_the_evidence_for_the_others(board: Trial) -> None:
    await _evaluated(board, "reconciliation-1")
    lee, bo = await _opened(board, "go", LEE), await _opened(board, "go", BO)
    await board.services.statements.state(lee, choice="for", actor=LEE)
    board.clock.advance(minutes=1)
    await _evaluated(board, "reconciliation-1", number=2)
    await board.services.statements.state(bo, choice="for", actor=BO)
    assert (await _count(board, "go")).met


async def test_a_playbook_that_was_edited_since_the_modal_was_opened_refuses_it(board: Trial) -> None:
    bound = await _opened(board, "right", LEE)
    async with _with(board, gated(board.folder, {**SIGN, "statement": "The data is nearly right"})) as after:
        with pytest.raises(RefusedError, match="The playbook has changed what is asked here"):
            await after.services.statements.state(bound, choice="", actor=LEE)
    async with _with(board, gated(board.folder, VOTE)) as gone:
        with pytest.raises(UnknownNameError):
            await gone.services.statements.state(bound, choice="", actor=LEE)


async def test_what_was_signed_before_the_text_changed_counts_no_more_and_is_signed_anew(
    board: Trial,
) -> None:
    old = await _state(board, "right", by=LEE)
    async with _with(board, gated(board.folder, {**SIGN, "statement": "All data is right"})) as after:
        assert (await _count(after, "right")).given == 0
        new = await _state(after, "right", by=LEE)
        assert [one.id for one in await _standing(after)] == [new.id]
        assert (await _count(after, "right")).given == 1
        async with after.store.reading() as tx:
            assert (await tx.statements.get(old.id)).ended_why == "made anew: the text changed"


async def test_what_is_too_old_is_signed_anew(board: Trial) -> None:
    await _state(board, "right", by=LEE)
    board.clock.advance(hours=24 * 91)
    assert (await _count(board, "right")).given == 0
    await _state(board, "right", by=LEE)
    assert (await _count(board, "right")).given == 1


async def test_each_task_is_signed_for_itself(board: Trial) -> None:
    shown = await board.services.statements.shown(about("able"), actor=LEE)
    assert [item for item, _ in shown.items] == ["restore", "stop"]
    await board.services.statements.state(shown.bound, choice="", item="stop", actor=LEE)
    again = await board.services.statements.shown(about("able"), actor=LEE)
    assert [item for item, _ in again.items] == ["restore"]
    for wrong in ("", "other"):
        with pytest.raises(UnknownNameError, match="no task"):
            await board.services.statements.state(again.bound, choice="", item=wrong, actor=LEE)
    await board.services.statements.state(again.bound, choice="", item="restore", actor=LEE)
    assert (await _count(board, "able")).text == "1 of 3 signed"
    with pytest.raises(SupersededError, match="You signed this already"):
        await board.services.statements.shown(about("able"), actor=LEE)


async def test_contacts_are_signed_as_they_are_shown(board: Trial) -> None:
    shown = await board.services.statements.shown(about("reach"), actor=LEE)
    assert shown.wanted.contacts == ("Database: +49 1 (Restores a backup)",)
    after_move = gated(board.folder, TRIED, escalation=[{**CONTACT, "reach": "+49 2"}])
    async with _with(board, after_move) as after:
        with pytest.raises(RefusedError, match="The playbook has changed"):
            await after.services.statements.state(shown.bound, choice="", actor=LEE)


async def test_a_forged_binding_names_nothing_that_exists(board: Trial) -> None:
    bound = await _opened(board, "right", MAX)
    wrong = replace(bound, about=replace(bound.about, gate="other"))
    with pytest.raises(UnknownNameError):
        await board.services.statements.state(wrong, choice="", actor=MAX)
    with pytest.raises(RefusedError):
        await board.services.statements.state(replace(bound, asked="0" * 64), choice="", actor=MAX)

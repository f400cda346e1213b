"""The club from its shadow phase to the end of legacy: decided by its people, on data that change."""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.start_request import StartRequest
from bot.services.evidence_packs import evidence_pack
from bot.store.store import Store
from examples.clubos.switches import Authority
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.clubos.conftest import Data
from tests.integration.clubos.season import Season, person, season
from tests.integration.clubos.test_services import got, posted

# Half an hour after a day's reconciliation is due: each `daily` ends with that of its last day.
BEGINNING = datetime(2026, 3, 14, 6, tzinfo=UTC)
CUTOVER = datetime(2026, 4, 18, tzinfo=ZoneInfo("Europe/Berlin"))
SAM, KIM, MINA = OPERATORS = [person(one) for one in ("U0ONCALL", "U0SECOND", "U0THIRD")]
ANA, LEE, PRIYA = [person(one) for one in ("U0DATA", "U0MGRA", "U0MGRB")]
RUTH, TOMAS, INES, JOAN = BOARD = [person(one) for one in ("U0CHAIR", "U0BOARDB", "U0BOARDC", "U0BOARDD")]
OWNERS = {"operator": SAM, "data-lead": ANA, "manager": LEE}
FIXED = ("member-records", "events", "registrations", "payments", "event-notes", "contact-changes")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock(BEGINNING)


@pytest.fixture
async def club(
    store: Store, jobs: FakeJobs, clock: FakeClock, made: Data, tmp_path: Path
) -> AsyncIterator[Season]:
    """The club on its first morning, with every discrepancy of the variant shadow."""
    async with season(store=store, jobs=jobs, clock=clock, made=made, folder=tmp_path) as begun:
        yield begun


# On one of the two databases: in what they differ is tested where the services are.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_from_shadow_to_decommissioned(club: Season) -> None:
    """What each act has to show is held in it, and where it has brought the club here."""
    assert await shadow(club) == "pilot"
    assert await pilot(club) == "parallel"
    assert "board-vote" in await gates_fail_and_are_named(club)
    assert await what_is_missing_is_brought(club) == {}
    assert await asked_for_and_approved(club) == "go-with-conditions"
    assert await the_day(club) == "grace"
    assert await grace(club) == ["7 days", "3 days", "1 day"]
    assert await decommissioned(club) == "decommissioned"
    phases = await what_an_auditor_sees(club)
    assert phases == ["shadow", "pilot", "parallel", "cutover", "grace", "decommissioned"]


async def shadow(club: Season) -> str:
    """Every check finds what is wrong, the data lead puts it right, and two weeks pass without a failure."""
    decisions, people = club.trial.services.decisions, club.carried
    wrong = json.loads((club.world.data / "expected.json").read_text())["checks"]
    assert await club.daily(1) == sorted(wrong)
    assert (await got(club.world.new, "/members/count"))[0] == 503
    early = await decisions.requests.phase("clubos", actor=SAM)
    assert [one.partition(":")[0] for one in early.blocked] == ["Leaving Shadow"] * 3
    with pytest.raises(RefusedError, match="Member count within"):
        await people.approve(early, by=LEE)
    await decisions.approvals.reject(early.id, reason="Not before a clean week", actor=LEE)
    for domain in FIXED:
        await club.fix(domain, wrong[domain])
    # What failed within the last 14 days goes on counting.
    assert await club.daily(1) == ["sync-jobs"]
    assert await club.daily(14) == []
    await people.state("phase:shadow", "trained-for-pilot", *OPERATORS)
    decided = await people.leave(asked_by=SAM, decided_by=LEE)
    assert decided.status == "go"
    return await people.phase()


async def pilot(club: Season) -> str:
    """Operators get in, members do not; a job that fails spoils the rate for two weeks."""
    people = club.carried
    assert (await got(club.world.new, "/members/count"))[0] == 503
    assert (await got(club.world.new, "/members/count", **{"X-Operator": "sam"}))[0] == 200
    legacy = club.world.data / "legacy.db"
    legacy.rename(club.world.data / "away.db")
    await club.sync()
    (club.world.data / "away.db").rename(legacy)
    # One of 57 jobs is more than 1%.
    assert await club.daily(7) == ["sync-jobs"]
    await people.state("phase:pilot", "tickets", SAM, KIM)
    decided = await people.leave(asked_by=KIM, decided_by=PRIYA)
    assert decided.status == "go"
    assert (await got(club.world.new, "/members/count"))[0] == 200
    return await people.phase()


async def gates_fail_and_are_named(club: Season) -> Mapping[str, str]:
    """Nobody can ask for the cutover: whoever asks reads what is missing."""
    requests = club.trial.services.decisions.requests
    with pytest.raises(RefusedError, match="1 of 5 gates pass\n• Operator readiness: Every"):
        await requests.cutover("clubos", actor=SAM)
    failing = await club.carried.failing()
    assert set(failing) == {
        "trained",
        "key-tasks",
        "contacts-operator",
        "sync",
        "backup-restored",
        "board-vote",
        "communication",
        "rehearsed",
    }
    with pytest.raises(NotAllowedError):
        await requests.cutover("clubos", actor=ANA)
    return failing


async def what_is_missing_is_brought(club: Season) -> Mapping[str, str]:
    """Rehearsals in staging, what each operator signs, ten days of syncs, and the board's votes."""
    people = club.carried
    status, _ = await posted(club.staging.new, "/registrations", {"event_id": 80, "member_id": 7})
    assert status == 201
    backup = await people.rehearse("backup-restore", by=KIM)
    rehearsed = await people.rehearse("rollback-after-cutover", by_hand="write-it-down", by=SAM)
    (exported,) = (club.staging.data / "since-cutover").rglob("registrations*.csv")
    assert exported.read_text().splitlines()[-1].startswith("1000006,80,7,booked,2026-04-06 ")
    for one in (backup, rehearsed):
        await people.sign(one, OWNERS)
    await people.state("operator-readiness", "trained", *OPERATORS)
    await people.state("operator-readiness", "key-tasks", *OPERATORS)
    await people.state("operator-readiness", "contacts-operator", MINA)
    await people.state("governance-approval", "communication", RUTH)
    booking = {"event_no": 80, "member_no": 7}
    assert (await posted(club.world.legacy, "/registrations", booking))[0] == 201
    assert (await posted(club.world.new, "/registrations", {"event_id": 80, "member_id": 7}))[0] == 409
    for system, field in (("legacy", "email"), ("new", "phone")):
        body = {"field": field, "value": f"{field} of {system}"}
        assert await club.member(system, "/members/7/contact", body) == 200
    assert await club.daily(10) == []
    assert asked(club, "legacy", "SELECT email, phone FROM members WHERE member_no = 7") == [
        ("email of legacy", "phone of new")
    ]
    await people.state("governance-approval", "board-vote", RUTH, TOMAS, choice="for")
    assert list(await people.failing()) == ["board-vote"]
    with pytest.raises(RefusedError, match="4 of 5 gates pass\n• Governance approval"):
        await club.trial.services.decisions.requests.cutover("clubos", actor=SAM)
    await people.state("governance-approval", "board-vote", INES, choice="for")
    return await people.failing()


async def asked_for_and_approved(club: Season) -> str:
    """Gates, tree, two managers with codes: GO; and the checklist that follows."""
    people, requests = club.carried, club.trial.services.decisions.requests
    decision = await requests.cutover("clubos", day=f"{CUTOVER:%Y-%m-%d}", actor=SAM)
    decision = await people.answer(decision, "yes", "yes", "some", by=SAM)
    assert (decision.conclusion, decision.blocked) == ("go-with-help", ())
    decision = await people.ask_approvers(decision, by=SAM)
    await people.enrol(LEE, PRIYA, *BOARD)
    with pytest.raises(NotAllowedError):
        await people.approve(decision, by=RUTH)
    with pytest.raises(RefusedError, match="This code is not right"):
        await people.approve(decision, by=LEE, code="")
    decision = await people.approve(decision, by=LEE)
    assert (decision.status, decision.count()) == ("approving", "1 of 2 approvals")
    with pytest.raises(SupersededError, match="count once"):
        await people.approve(decision, by=LEE)
    decision = await people.approve(decision, by=PRIYA)
    assert (await people.cutover()).approved_by == (LEE, PRIYA)
    with pytest.raises(SupersededError, match="Nothing else is decided"):
        await requests.cutover("clubos", actor=KIM)
    await people.settle_checklist(OWNERS)
    return decision.status


async def the_day(club: Season) -> str:
    """Its run begins by itself, does each thing at its hour, waits for a person, and is assessed."""
    people = club.carried
    while club.clock.now() + timedelta(days=1) < CUTOVER:
        assert await club.daily(1) == []
    await people.come_to(CUTOVER)
    assert (await people.phase(), (await people.cutover()).stopped_by) == ("cutover", ())
    for hour in (6, 7):
        await people.come_to(CUTOVER.replace(hour=hour))
    booking = {"event_no": 80, "member_no": 8}
    assert (await posted(club.world.legacy, "/registrations", booking))[0] == 503
    for hour in (8, 9):
        await people.come_to(CUTOVER.replace(hour=hour))
    await club.trial.daily.look()
    await club.trial.work()
    assert await club.failed() == []
    assert not Authority(club.world.data).is_new
    await people.do_by_hand(await people.the_run(), "reconcile", by=KIM)
    for hour in (10, 11, 12):
        await people.come_to(CUTOVER.replace(hour=hour))
    assert ((await people.the_run()).status, Authority(club.world.data).is_new) == ("done", True)
    assert (await posted(club.world.new, "/registrations", {"event_id": 80, "member_id": 8}))[0] == 201
    await people.come_to(CUTOVER.replace(hour=17))
    with pytest.raises(NotAllowedError):
        await people.assess("Fine", by=SAM)
    await people.assess("Nobody lost a place", by=LEE)
    return await people.phase()


async def grace(club: Season) -> list[str]:
    """An operator may not roll back any more; the board may, when three more of it approve, and two do."""
    people = club.carried
    answers = ("p4", "no", "yes", "yes")
    with pytest.raises(NotAllowedError, match="clubos-board"):
        await people.ask_for_rollback(*answers, by=SAM)
    request = await people.ask_for_rollback(*answers, by=RUTH)
    assert isinstance(request, StartRequest)
    with pytest.raises(NotAllowedError):
        await people.approve_rollback(request, by=SAM)
    for one in (TOMAS, INES):
        assert isinstance(await people.approve_rollback(request, by=one), StartRequest)
    with pytest.raises(RefusedError, match="You have no second factor here"):
        await people.approve_rollback(request, by=person("U0BOARDE"))
    await club.trial.work()
    assert Authority(club.world.data).is_new
    await people.keep_watching(request, reason="It was one member's mistake", by=RUTH)
    # What members write now is in the new system alone, and stays there through every sync.
    await club.sync()
    found = asked(club, "new", "SELECT member_id FROM registrations WHERE registration_id > 1000000")
    assert found == [(8,)]
    ends = CUTOVER.replace(hour=17) + timedelta(days=30)
    for days in (7, 3, 1):
        await people.come_to(ends - timedelta(days=days))
    left = [text.partition(" more")[0] for text in await people.reminded_of_the_end()]
    return [text.removeprefix("⏳ The club's membership system can be rolled back for ") for text in left]


async def decommissioned(club: Season) -> str:
    """Legacy is gone by the board's decision, and nobody may roll back."""
    people, services = club.carried, club.trial.services
    await people.state("phase:grace", "problems-resolved", PRIYA)
    decided = await people.leave(asked_by=SAM, decided_by=RUTH)
    assert decided.status == "go"
    assert (await got(club.world.legacy, "/members/count"))[0] == 410
    for actor in (SAM, RUTH):
        with pytest.raises(NotAllowedError, match="cannot be rolled back in phase “decommissioned”"):
            await services.walks.open("clubos", actor=actor)
    return await people.phase()


async def what_an_auditor_sees(club: Season) -> list[str]:
    """Who decided each step on what, and a log that is whole."""
    async with club.trial.store.reading() as tx:
        titles = {"clubos": "The club's membership system"}
        pack = await evidence_pack(tx, "clubos", titles=titles, made_by="auditor", at=club.clock.now())
    assert (pack.audit.whole, pack.audit.problems) == (True, ())
    assert len(pack.rehearsals) == 2
    return [move.phase for move in pack.phases]


def asked(club: Season, system: str, query: str) -> list[tuple[object, ...]]:
    """What a system holds."""
    with closing(sqlite3.connect(club.world.data / f"{system}.db")) as connection:
        return connection.execute(query).fetchall()

"""The club from its shadow phase to the end of legacy, on data that change between the phases."""

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.errors import NotAllowedError
from bot.domain.person import Actor
from bot.store.store import Store
from examples.clubos.switches import Authority
from tests.fakes.jobs import FakeJobs
from tests.integration.clubos.conftest import Data
from tests.integration.clubos.passing_clock import PassingClock
from tests.integration.clubos.season import Season, person, season
from tests.integration.clubos.test_services import got

# Half an hour after a day's reconciliation is due: each `daily` ends with that of its last day.
BEGINNING = datetime(2026, 3, 14, 6, tzinfo=UTC)
SAM, ANA, RUTH = person("U0ONCALL"), person("U0DATA"), person("U0CHAIR")
FIXED = ("member-records", "events", "registrations", "payments", "event-notes", "contact-changes")


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> sa.URL:
    """One of the two: in what they differ is tested where the services are."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    return sa.URL.create("sqlite", database=str(tmp_path / "store.db"))


@pytest.fixture
def clock() -> PassingClock:
    """A clock that moves by what is slept, too."""
    return PassingClock(BEGINNING)


@pytest.fixture
async def club(
    store: Store, jobs: FakeJobs, clock: PassingClock, made: Data, tmp_path: Path
) -> AsyncIterator[Season]:
    """The club on its first morning, with every discrepancy of the variant shadow."""
    together = season(store=store, jobs=jobs, clock=clock, pristine=made("shadow"), folder=tmp_path)
    async with together as begun:
        yield begun


async def test_from_shadow_to_decommissioned(club: Season) -> None:
    await shadow(club)
    await pilot(club)
    await parallel(club)
    await cutover(club)
    await grace(club)
    await decommissioned(club)


async def shadow(club: Season) -> None:
    """Every check finds what is wrong, the data lead puts it right, and two weeks pass without a failure."""
    wrong = json.loads((club.world.data / "expected.json").read_text())["checks"]
    assert await club.daily(1) == sorted(wrong)
    assert (await got(club.world.new, "/members/count"))[0] == 503
    for domain in FIXED:
        await club.fix(domain, wrong[domain])
    # What failed within the last 14 days goes on counting.
    assert await club.daily(1) == ["sync-jobs"]
    assert await club.daily(14) == []
    await may_roll_back(club, SAM)
    with pytest.raises(NotAllowedError, match="clubos-operators"):
        await may_roll_back(club, ANA)


async def pilot(club: Season) -> None:
    """Operators get in, members do not; a job that fails is seen the same day and does not spoil the rate."""
    playbook = await club.goes_to("pilot", "open-for-operators")
    assert playbook.current_phase.kind == "pilot"
    assert (await got(club.world.new, "/members/count"))[0] == 503
    assert (await got(club.world.new, "/members/count", **{"X-Operator": "sam"}))[0] == 200
    legacy = club.world.data / "legacy.db"
    legacy.rename(club.world.data / "away.db")
    await club.sync()
    (club.world.data / "away.db").rename(legacy)
    # One of 57 jobs is more than 1%.
    assert await club.daily(1) == ["sync-jobs"]
    assert await club.daily(15) == []


async def parallel(club: Season) -> None:
    """Members change their addresses in both systems, book in legacy, and both systems agree every day."""
    playbook = await club.goes_to("parallel", "open-for-members")
    assert playbook.rollback_role == "operator"
    booking = {"event_no": 80, "member_no": 7}
    assert await club.member("legacy", "/registrations", booking, method="POST") == 201
    assert await club.member("new", "/registrations", {"event_id": 80, "member_id": 7}, method="POST") == 409
    for system, field in (("legacy", "email"), ("new", "phone")):
        body = {"field": field, "value": f"{field} of {system}"}
        assert await club.member(system, "/members/7/contact", body) == 200
    assert await club.daily(3) == []
    assert asked(club, "legacy", "SELECT email, phone FROM members WHERE member_no = 7") == [
        ("email of legacy", "phone of new")
    ]


async def cutover(club: Season) -> None:
    """Legacy is read-only, every row is carried over, and the new system is the one that is right."""
    playbook = await club.goes_to("cutover", "cutover")
    assert playbook.current_phase.kind == "cutover"
    booking = {"event_no": 80, "member_no": 8}
    assert await club.member("legacy", "/registrations", booking, method="POST") == 503
    assert await club.member("new", "/registrations", {"event_id": 80, "member_id": 8}, method="POST") == 201


async def grace(club: Season) -> None:
    """An operator may not roll back any more; the board may, when three more of it approve."""
    playbook = await club.goes_to("grace")
    assert (playbook.rollback_role, playbook.rollback_quorum) == ("board", 3)
    with pytest.raises(NotAllowedError, match="clubos-board"):
        await may_roll_back(club, SAM)
    await may_roll_back(club, RUTH)
    # What members write now is in the new system alone, and stays there through every sync.
    assert "registrations" in await club.daily(1)
    found = asked(club, "new", "SELECT member_id FROM registrations WHERE registration_id > 1000000")
    assert found == [(8,)]


async def decommissioned(club: Season) -> None:
    """Legacy is gone, and nobody may roll back."""
    playbook = await club.goes_to("decommissioned", "retire-legacy")
    assert playbook.rollback_role is None
    assert (await got(club.world.legacy, "/members/count"))[0] == 410
    assert Authority(club.world.data).is_new
    for actor in (SAM, RUTH):
        with pytest.raises(NotAllowedError, match="cannot be rolled back in phase “decommissioned”"):
            await may_roll_back(club, actor)


async def may_roll_back(club: Season, actor: Actor) -> None:
    """Walk through the questions until there is no reason. Raises NotAllowedError where the phase says no."""
    walks = club.trial.services.walks
    walk = await walks.open("clubos", actor=actor)
    for answer in ("p4", "no", "no", "no"):
        walk = await walks.answer(walk.id, version=walk.version, answer=answer, actor=actor)
    await club.trial.work()
    walk = await walks.get(walk.id)
    assert (await walks.close(walk.id, version=walk.version, actor=actor)).status == "watching"


def asked(club: Season, system: str, query: str) -> list[tuple[object, ...]]:
    """What a system holds."""
    with closing(sqlite3.connect(club.world.data / f"{system}.db")) as connection:
        return connection.execute(query).fetchall()
